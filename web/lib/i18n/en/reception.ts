import type { SummaryStatus } from '#api/contract/coverage-summary.ts';
import type { VisitPlace } from '#lib/visits/local-visit.ts';

const places: Record<VisitPlace, string> = {
  tablet: 'On this device',
  gateway: 'Kept at the hospital',
  recorded: 'Recorded',
  log: 'In the public log',
  refused: 'Not accepted',
};

const placeHints: Record<VisitPlace, string> = {
  tablet: 'Kept on this device, encrypted. It is sent by itself as soon as there is a connection.',
  gateway: "The hospital's server has it. It is sent by itself when the exchange can be reached.",
  recorded: 'The exchange has recorded the visit. The public log will hold it in a moment.',
  log: 'The public log holds it. Anyone can verify the receipt.',
  refused: 'This visit is not recorded.',
};

const coverage: Record<SummaryStatus, string> = {
  valid: 'Insurance is valid',
  expired: 'Insurance has expired',
  superseded: 'Insurance has changed',
  not_found: 'No insurance found',
  ambiguous: 'Insurance is not clear',
  unchecked: 'Insurance not checked',
};

const coverageHints: Record<SummaryStatus, string> = {
  valid: '',
  expired: 'Please ask whether there is a new insurance.',
  superseded: 'A newer insurance is registered. Please ask the person.',
  not_found: 'The insurers know nobody by this card. Please ask for another proof of insurance.',
  ambiguous: 'There is more than one candidate. Please clarify at the desk.',
  unchecked: 'The insurers cannot be reached. It will be checked later.',
};

const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes, hours or days, whichever says most with the smallest number. */
const howLong = (minutes: number): string => {
  if (minutes < 2 * HOUR) return `${minutes} minutes`;
  if (minutes < DAY) return `${Math.round(minutes / HOUR)} hours`;
  const days = Math.round(minutes / DAY);
  return days === 1 ? 'a day' : `${days} days`;
};

export const reception = {
  title: 'Reception',
  place: 'Place the card',
  placeHint: 'Lay the My Number Card flat on the reader. No PIN is needed.',
  noReader: 'Connect a card reader',
  noReaderHint: 'Choose it once; from then on it is used by itself.',
  chooseReader: 'Choose a reader',
  start: 'Check in',
  again: 'Read again',
  next: 'Next person',
  keepStill: 'Please keep the card still',
  mayTakeCard: 'The card may be taken now',
  takeCard: 'Please take the card',
  steps: { found: 'Find', read: 'Read', signed: 'Sign', checked: 'Check' },
  progress: (done: number) => `${done} of 4 steps done`,
  accepted: 'Checked in',
  kept: 'Kept on this device',
  keptHint: 'Name and insurance can be checked once there is a connection.',
  keptAtGateway: 'Kept at the hospital',
  keptAtGatewayHint: 'Name and insurance can be checked once the exchange is reached.',
  refused: 'Not accepted',
  failed: 'The card was not read',
  honorific: '',
  showFullName: 'Show the full name',
  hideFullName: 'Show the family name only',
  today: 'Today',
  count: (count: number) => (count === 1 ? '1 person' : `${count} people`),
  countAtLeast: (count: number) => `${count} or more`,
  find: 'Find a visit of today',
  newestOnly: 'The list holds the newest visits. The search has all of them.',
  queueEmpty: 'No visits yet',
  queueEmptyHint: 'Each card that is placed appears here.',
  unnamed: 'Name not yet known',
  notSent: (count: number) => `${count} not yet sent`,
  places,
  placeHints,
  coverage,
  coverageHints,
  expiredOn: (date: string) => `It was valid until ${date}. `,
  validUntil: (date: string) => `until ${date}`,
  validUntilLabel: 'Valid until',
  burden: (percent: number) => `Patient pays ${percent} %`,
  insurer: 'Insurer',
  insurerNumber: 'Insurer number',
  symbolNumber: 'Symbol and number',
  details: 'Visit',
  presentedAt: 'Card placed at',
  acceptedAt: 'Recorded at',
  birthDate: 'Date of birth',
  whereItIs: 'Where the record is',
  receipt: 'Receipt of the visit',
  saveReceipt: 'Save the receipt',
  receiptPending: 'There is a receipt as soon as the public log holds the visit.',
  documents: (count: number) => `${count} result ${count === 1 ? 'document' : 'documents'} registered`,
  simulatedPayer: 'Answered by a simulated insurer.',
  clockWrong: (minutes: number) =>
    `The clock of this device is about ${howLong(Math.abs(minutes))} ${minutes > 0 ? 'ahead' : 'behind'}. Visits go on by the server’s time. Please set the clock.`,
  storageLost: (count: number) =>
    count > 0
      ? `The browser erased this device's storage. ${count} ${count === 1 ? 'visit' : 'visits'} that had not been sent ${count === 1 ? 'is' : 'are'} lost. Please check ${count === 1 ? 'that person' : 'those people'} in again.`
      : "The browser erased this device's storage. Nothing was waiting to be sent.",
  storageLostTitle: 'Storage was erased',
  storageMissing: 'This browser cannot keep anything on the device. Nobody can be checked in offline.',
  unreadable: (count: number) =>
    `${count} ${count === 1 ? 'visit' : 'visits'} kept on this device cannot be read. Nothing was deleted. Please tell your administrator.`,
  understood: 'Understood',
  setUp: 'Set up this device',
  setUpHint: 'Give the device a name. Its signing key is made inside this device and never leaves it.',
  terminalName: 'Name of the device',
  terminalNameDefault: 'Reception tablet',
  terminalCode: 'Enrolment code',
  terminalCodeHint: 'The number your administrator gave you.',
  setUpStart: 'Enrol this device',
  setUpOffline: 'The first enrolment needs a connection to the server. It goes on as soon as there is one.',
};
