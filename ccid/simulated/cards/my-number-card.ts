import { parseHex } from '../../iso7816/bytes.ts';
import type { Application } from '../card-os/card-file.ts';
import { computeSignature } from '../card-os/compute-signature.ts';
import type { CardDefinition, InstructionTable } from '../card-os/definition.ts';
import { getChallenge } from '../card-os/get-challenge.ts';
import { readBinary, readRecord } from '../card-os/read-binary.ts';
import { refuse } from '../card-os/refusal.ts';
import { select } from '../card-os/select.ts';
import { authenticateSimulatedTerminal } from '../card-os/simulated-terminal.ts';
import { changeReferenceData, verify } from '../card-os/verify.ts';
import type { MyNumberPersonalisation } from '../personalisation.ts';
import { createCommonApplication } from './common-application.ts';
import { createJpkiApplication } from './jpki-application.ts';
import { createSurfaceApplication } from './surface-application.ts';
import { createTextApplication } from './text-application.ts';

/** Contactless, as a PC/SC reader makes it from the card's ATQB. */
const ATR = parseHex('3B 88 80 01 00 00 41 E0 B3 81 A1 00 3B');
/** GlobalPlatform issuer security domain: selected after power-on, holds nothing here. */
const ISSUER_SECURITY_DOMAIN = parseHex('A0 00 00 01 51 00 00');

const INSTRUCTIONS: InstructionTable = {
  '00A4': select,
  '00B0': readBinary,
  '00B2': readRecord,
  '0020': verify,
  '0024': changeReferenceData,
  '0084': getChallenge,
  '802A': computeSignature,
  F082: authenticateSimulatedTerminal,
};

/** Known to real cards and used by nobody here; that they refuse in this way was found by trying. */
const REFUSED_BY_CARDS: InstructionTable = {
  // Secure messaging.
  '80AE': () => refuse('securityStatus'),
  // The certificate of a terminal.
  '80A2': () => refuse('wrongP1P2'),
  // What an iPhone has besides.
  '80FC': () => refuse('wrongLength'),
};

/** A My Number Card. A phone with JPKI has the JPKI application alone. */
export function defineMyNumberCard(personalisation: MyNumberPersonalisation): CardDefinition {
  const isPhone = personalisation.device === 'android' || personalisation.device === 'iphone';
  return {
    atr: ATR,
    selectedAtReset: true,
    hasExtendedLength: false,
    hasChaining: false,
    instructions: isPhone ? INSTRUCTIONS : { ...INSTRUCTIONS, ...REFUSED_BY_CARDS },
    applications: [
      { name: ISSUER_SECURITY_DOMAIN, files: [] },
      createJpkiApplication(personalisation),
      ...(isPhone ? [] : createCardApplications(personalisation)),
    ],
  };
}

/** The applications that a phone has not. */
function createCardApplications(personalisation: MyNumberPersonalisation): Application[] {
  const { surface, common } = personalisation;
  return [
    createTextApplication(personalisation),
    ...(surface ? [createSurfaceApplication(personalisation, surface)] : []),
    ...(common ? [createCommonApplication(common)] : []),
  ];
}
