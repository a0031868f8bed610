/** Why a file is not taken; the app's catalogues hold a sentence for each. */
export const BUNDLE_ERROR_CODES = [
  'bundle_too_large',
  'bundle_not_json',
  'bundle_not_fhir',
  'bundle_wrong_type',
  'bundle_malformed',
  'bundle_reference_missing',
  'bundle_no_patient',
  'bundle_several_patients',
  'bundle_nothing_readable',
  'bundle_file_refused',
] as const;
export type BundleErrorCode = (typeof BUNDLE_ERROR_CODES)[number];

/** A file that is refused before it is sent anywhere. `element` names the place as a FHIRPath, e.g. `Bundle.entry[2].resource.code`. */
export class BundleError extends Error {
  readonly code: BundleErrorCode;
  readonly element: string | undefined;

  constructor(code: BundleErrorCode, element?: string, options?: ErrorOptions) {
    super(element ? `${code}: ${element}` : code, options);
    this.name = 'BundleError';
    this.code = code;
    this.element = element;
  }
}
