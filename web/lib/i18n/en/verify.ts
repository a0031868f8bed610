import type { EvidenceErrorCode } from '#api/contract/evidence/errors.ts';
import type { ChainFault } from '#api/contract/evidence/record-chain.ts';
import type { TimelineFault } from '#api/contract/evidence/timeline.ts';
import type { ExportCheckCode } from '#api/contract/evidence/verify-export.ts';
import type { CheckOutcome, ReceiptCheckCode } from '#api/contract/evidence/verify-receipt.ts';

type CheckCode = ReceiptCheckCode | ExportCheckCode;

const checks: Record<CheckCode, string> = {
  receipt_format: 'The receipt is well-formed',
  record_signature: 'The exchange signed it',
  proof_format: 'The proof is complete',
  inclusion: 'The log holds it',
  checkpoint_signature: 'The log signed its state',
  witnesses: 'Witnesses have seen it',
  timestamp: "Somebody else's clock confirmed the time",
  export_format: 'The export is well-formed',
  range: 'Every exported leaf stands in the log',
  openings: 'The records are what the leaves commit to',
  record_signatures: 'The exchange signed every record',
  chains: 'The records are in order, with none missing',
};

const explanations: Record<CheckCode, string> = {
  receipt_format: 'The file holds all three parts: the visit record, its salt and the proof.',
  record_signature:
    'The visit record is signed by an exchange whose key is known beforehand. Nothing in it has changed.',
  proof_format: 'Every part of the proof could be read.',
  inclusion:
    "The value computed from this record's fingerprint equals that of the whole log. It cannot have been slipped in or taken out.",
  checkpoint_signature: "The state of the log is signed with the log's key.",
  witnesses:
    'Enough of the organisations that watch this log signed that they saw this very state. A receipt that came while they were away can be fetched again later.',
  timestamp:
    'An outside authority stamped the state of the log: nothing in it was made after that time. A receipt that came before the stamp can be fetched again some minutes later.',
  export_format: 'The file holds a range of the log and everything needed to check it.',
  range: 'The value computed from all leaves of the range equals that of the whole log. Not one is missing.',
  openings: 'The fingerprint of each record with its salt equals its leaf. Forgotten leaves show no content.',
  record_signatures: 'Every record is signed by an exchange whose key is known beforehand.',
  chains:
    "No gap or change of order in any person's chain or any institution's numbers that forgetting cannot explain.",
};

const outcomes: Record<CheckOutcome, string> = {
  passed: 'confirmed',
  failed: 'not confirmed',
  not_checked: 'not checked',
  not_required: 'not required',
};

const reasons: Record<EvidenceErrorCode, string> = {
  note_malformed: 'The signed document is malformed.',
  note_unknown_key: 'The key of this log is not known here.',
  note_bad_signature: "The log's signature does not verify.",
  vkey_malformed: 'A verification key is malformed.',
  checkpoint_malformed: "The log's state is malformed.",
  checkpoint_wrong_origin: 'It belongs to another log.',
  proof_malformed: 'The proof is malformed.',
  proof_mismatch: 'The computed value is not that of the log: the record was changed, or the log does not hold it.',
  receipt_malformed: 'This is not a readable receipt.',
  record_unknown_key: 'The key that signed is not known here.',
  record_bad_signature: 'The signature does not verify: the record was changed.',
  witnesses_missing: 'Too few witnesses signed.',
  tile_path_malformed: 'An address inside the log is wrong.',
  tree_moved: 'The log is moving.',
  tree_damaged: 'The log is damaged.',
  leaf_not_integrated: 'The log does not hold it yet.',
  trust_malformed: 'The file of trusted keys is malformed.',
  witness_request_malformed: 'The question to the witness is malformed.',
  witness_answer_malformed: "The witness's answer is malformed.",
  witness_refused: 'The witness refused to sign.',
  witness_unreachable: 'The witness cannot be reached.',
  export_malformed: 'This is not a readable export for auditors.',
  leaf_mismatch: 'A record does not match its leaf in the log.',
  chain_broken: 'The chain of records is broken.',
  compact_malformed: 'The content of the QR code cannot be read.',
  cose_malformed: 'This is not a readable COSE receipt.',
  timestamp_malformed: 'The time-stamp is malformed.',
  timestamp_mismatch: 'The time-stamp is for something else.',
  timestamp_untrusted: 'The authority that stamped the time is not known here.',
  timestamp_unavailable: 'The time-stamp authority cannot be reached.',
  timestamp_missing: 'No time-stamp came along.',
  log_unreachable: 'The log cannot be reached.',
  log_contradicts: 'The log contradicts a state that it signed before.',
};

const faults: Record<ChainFault['kind'] | TimelineFault['kind'], string> = {
  previous_missing: 'the record before it is not here',
  previous_repeated: 'two records follow the same one',
  accepted_backwards: 'it was accepted before the record it follows',
  sequence_gap: 'sequence numbers are missing',
  sequence_repeated: 'a sequence number is used twice',
  window_empty: 'the proven window of time is empty',
  count_differs: 'there are not as many records as the exchange signed for',
  head_differs: 'the newest record is not the one the exchange signed for',
  foreign_record: "a record of somebody else's or of another exchange is among them",
};

export const verify = {
  title: 'Verify',
  intro: 'Checks on this device alone whether the receipt of a visit is genuine. The file is sent nowhere.',
  drop: 'Drop a receipt file here',
  choose: 'Choose a file',
  fromVisits: "Choose one of today's visits",
  noTrust: 'There are no keys to verify with yet. Connect to the server once to receive them.',
  good: 'This receipt is genuine',
  bad: 'This receipt could not be confirmed',
  goodHint: 'Every check passed.',
  exportGood: 'This export is genuine',
  exportBad: 'This export could not be confirmed',
  exportLeaves: (leaves: number, forgotten: number) => `${leaves} leaves, ${forgotten} of them forgotten`,
  badHint: 'See the checks below.',
  checks,
  explanations,
  outcomes,
  reasons,
  faults,
  what: 'What it says',
  place: 'Institution',
  presentedAt: 'Card placed at',
  notBefore: 'Not before',
  acceptedAt: 'Recorded at',
  method: 'How presence was proven',
  methods: {
    'mynumber-terminal': 'My Number Card (certified terminal)',
    'mynumber-tap': 'My Number Card, tapped without PIN',
    'mynumber-pin': 'My Number Card with PIN',
    'second-card-sun': 'Second card',
    'oqs-face': 'Card reader with face recognition',
    'wallet-mdoc': 'My Number Card in a phone',
  },
  limits: 'What this cannot show',
  limitNames: {
    holder: "that the person was the card's holder",
    nearness: 'that the card was near: commands to it can be relayed',
    knowledge: 'that anybody knew the PIN',
    authentication_key: 'that the authentication key itself was there: a key bound to it at enrolment was checked',
    third_party: 'anything that somebody else than the institution could check',
  },
  coverage: 'Insurance',
  keys: 'Keys and values',
  bytes: 'The bytes',
  another: 'Check another receipt',
  fact: {
    version: 'Version',
    kid: 'Key fingerprint',
    exchange: 'Exchange',
    index: 'Number in the log',
    size: 'Size of the log',
    origin: 'Name of the log',
    threshold: 'Witnesses needed',
    cosigned: 'Witnesses that signed',
    names: 'Names of witnesses',
    time: 'Time',
    authority: 'Time-stamp authority',
    encoding: 'Encoding',
    begin: 'First number',
    end: 'Number after the last',
    leaves: 'Leaves',
    forgotten: 'Forgotten leaves',
    records: 'Records',
    faults: 'Faults of order',
    missing: 'Missing numbers',
  },
};
