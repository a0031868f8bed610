export type { SimulatedCard } from './card.ts';
export { createSimulatedCard } from './simulated-card.ts';
export type { StatefulCard } from './card-os/card-os.ts';
export type { CardState, PinState } from './card-os/pin-memory.ts';
export type {
  Base64,
  CardAttributes,
  CardPersonalisation,
  CommonPersonalisation,
  ForeignPersonalisation,
  HpkiPersonalisation,
  MyNumberPersonalisation,
  RsaPrivateJwk,
  RsaPublicJwk,
  SurfacePersonalisation,
} from './personalisation.ts';
export {
  encodeVerifiableCertificate,
  encodeVerifiableCertificateBody,
  type KeyIdentifier,
  type VerifiableCertificateContent,
} from './issuer/verifiable-certificate.ts';
export {
  encodeAttributesFile,
  encodeIntegrityRecord,
  encodeIntegrityRecordBody,
  encodeMyNumberFile,
  encodeTextKeyRecord,
  encodeTextKeyRecordBody,
} from './issuer/text-records.ts';
export { encodeAgeRecord, encodeAgeRecordBody } from './issuer/surface-records.ts';
export {
  createSimulatedTerminal,
  type SimulatedTerminal,
  type SimulatedTerminalOutcome,
} from './simulated-terminal.ts';
export { composeDevices, type CompositeIdentity, type CompositePart } from './composite-device.ts';
export { SimulatedUsb, type PluggableDevice, type SimulatedUsbOptions } from './usb.ts';
export { createSimulatedReader, type SimulatedReader, type SimulatedReaderOptions } from './reader.ts';
export {
  createSimulatedRcS300,
  createSimulatedRcS380,
  type SimulatedContactlessOptions,
  type SimulatedContactlessReader,
  type SimulatedRcS300Options,
} from './contactless-reader.ts';
export type { ContactlessBehaviour } from './devices/contactless-card.ts';
export type { ContactlessFaults, FrameFault } from './devices/contactless-faults.ts';
export type { RcS300Variant } from './devices/rc-s300-gadget.ts';
export type { SimulatedLevel } from './devices/ccid-descriptors.ts';
export type { SimulatedKeypad } from './devices/keypad.ts';
export type { AnswerFault, BlockFault, ReaderFaults } from './faults.ts';
export { SimulatedSmartCardError, SimulatedSmartCards, type SmartCardResponseCode } from './smart-cards.ts';
