/** Why a server does not start. */
export const CONFIG_ERROR_CODES = ['config_unreadable', 'config_invalid', 'key_unreadable', 'port_busy'] as const;
export type ConfigErrorCode = (typeof CONFIG_ERROR_CODES)[number];

/** A server cannot start as it is configured. The message is for the operator: it names the file and the member. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ConfigError';
    this.code = code;
  }
}
