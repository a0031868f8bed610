import { JPKI_FILES, type Opener, SURFACE_FILES, TEXT_FILES } from 'webusb-ccid/mynumber';
import type { CardInspection, HpkiFacts } from './inspect-card.ts';

/** An application on a card, as the picture draws it: a chamber with files in it. */
export interface Chamber {
  readonly application: 'jpki' | 'text' | 'surface' | 'hpkiSignature' | 'hpkiAuthentication';
  readonly files: readonly ChamberFile[];
  readonly pins: readonly ChamberPin[];
  /** The PIN holds for one signature. */
  readonly wantsPinEachTime?: boolean;
}

export type FileName =
  | `jpki.${keyof typeof JPKI_FILES}`
  | `text.${keyof typeof TEXT_FILES}`
  | `surface.${keyof typeof SURFACE_FILES}`
  | 'hpki.certificate'
  | 'hpki.authorities'
  | 'hpki.key';

export interface ChamberFile {
  readonly name: FileName;
  /** `read`: open to anybody. `locked`: wants one of `openedBy`. `key`: is used inside and never leaves. */
  readonly state: 'read' | 'locked' | 'key';
  readonly openedBy: readonly (Opener | 'HPKI PIN')[];
}

export interface ChamberPin {
  readonly name: 'auth' | 'sign' | 'text' | 'birthDate' | 'hpki';
  readonly triesLeft: number;
  /** Tries of a PIN that was never wrong; `undefined` where no public source says. */
  readonly triesAtFirst: number | undefined;
}

/** The chambers of a card that was inspected; none of a card that is neither. */
export function drawChambers(inspection: CardInspection): readonly Chamber[] {
  if (inspection.kind === 'other') return [];
  if (inspection.kind === 'hpki') {
    const { sign, authentication } = inspection;
    return [
      drawHpki('hpkiSignature', sign),
      ...(authentication ? [drawHpki('hpkiAuthentication', authentication)] : []),
    ];
  }
  const { auth, sign, textTriesLeft, birthDateTriesLeft } = inspection;
  const jpki: Chamber = {
    application: 'jpki',
    files: drawFiles('jpki', JPKI_FILES).map((file) =>
      // A phone keeps its certificate behind the PIN, where a card shows it to anybody.
      file.name === 'jpki.authCertificate' && !auth.chain
        ? { ...file, state: 'locked' as const, openedBy: ['auth PIN'] }
        : file,
    ),
    pins: [
      { name: 'auth', triesLeft: auth.triesLeft, triesAtFirst: 3 },
      { name: 'sign', triesLeft: sign.triesLeft, triesAtFirst: 5 },
    ],
  };
  const text = drawWithPin('text', TEXT_FILES, { name: 'text', triesLeft: textTriesLeft, triesAtFirst: 3 });
  const surface = drawWithPin('surface', SURFACE_FILES, {
    name: 'birthDate',
    triesLeft: birthDateTriesLeft,
    triesAtFirst: undefined,
  });
  return [jpki, ...text, ...surface];
}

type FileTable = Readonly<Record<string, { readonly openedBy: readonly Opener[] }>>;

function drawFiles(application: 'jpki' | 'text' | 'surface', table: FileTable): readonly ChamberFile[] {
  return Object.entries(table)
    .filter(([, { openedBy }]) => !openedBy.includes('never'))
    .map(([name, { openedBy }]) => ({
      // The tables' own keys: that is what FileName is made of.
      name: `${application}.${name}` as FileName,
      state: openedBy.includes('free') ? 'read' : /Key$/.test(name) ? 'key' : 'locked',
      openedBy,
    }));
}

function drawWithPin(
  application: 'text' | 'surface',
  table: FileTable,
  pin: Omit<ChamberPin, 'triesLeft'> & { readonly triesLeft: number | undefined },
): readonly Chamber[] {
  const { triesLeft } = pin;
  if (triesLeft === undefined) return [];
  return [{ application, files: drawFiles(application, table), pins: [{ ...pin, triesLeft }] }];
}

function drawHpki(application: Chamber['application'], facts: HpkiFacts): Chamber {
  return {
    application,
    files: [
      { name: 'hpki.certificate', state: 'read', openedBy: ['free'] },
      ...(facts.authorityCount > 0 ? [{ name: 'hpki.authorities', state: 'read', openedBy: ['free'] } as const] : []),
      { name: 'hpki.key', state: 'key', openedBy: ['HPKI PIN'] },
    ],
    pins: [{ name: 'hpki', triesLeft: facts.triesLeft, triesAtFirst: undefined }],
    wantsPinEachTime: facts.wantsPinEachTime,
  };
}
