/** Whether bytes claim to be a COSE receipt's file: a CBOR map of three members. No UTF-8 text begins so. */
export const isCoseFile = (bytes: Uint8Array): boolean => bytes[0] === 0xa3;
