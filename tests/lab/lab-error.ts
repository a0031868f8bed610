export type LabErrorCode =
  /** Debian's kernel could not be had. */
  | 'no_kernel'
  /** The guest ended, or was stopped, before it had told everything. */
  | 'guest_ended'
  /** A program in the guest was ended by the system: an emulated processor may trip over code that is made as it runs. */
  | 'program_died'
  /** A program in the guest did not do what it was started for. */
  | 'program_failed'
  /** Something that a check waited for did not happen. */
  | 'nothing_happened'
  /** What a check wants to find out cannot be found out here. */
  | 'not_possible'
  /** A check found something else than it expected. */
  | 'check_failed';

/** Why the lab, or one of its checks, came to an end. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  /** The message without the code. */
  readonly detail: string;

  constructor(code: LabErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'LabError';
    this.code = code;
    this.detail = detail;
  }
}
