import {
  exchangeLevel,
  FEATURE,
  type CcidClassDescriptor,
  type ExchangeLevel,
} from '../../protocol/class-descriptor.ts';

const LEVEL: Readonly<Record<ExchangeLevel, string>> = {
  'extended-apdu': 'extended APDU: the reader speaks the card protocol, commands of any length',
  'short-apdu': 'short APDU: the reader speaks the card protocol, longer commands are cut by the driver',
  tpdu: 'TPDU: the driver speaks T=0 and T=1, block by block',
  character: 'character: the driver speaks T=0 and T=1, byte by byte',
};

const AUTOMATIC: readonly (readonly [number, string])[] = [
  [FEATURE.AUTO_PARAMETERS_FROM_ATR, 'parameters from the ATR'],
  [FEATURE.AUTO_ACTIVATION, 'activation'],
  [FEATURE.AUTO_VOLTAGE, 'voltage'],
  [FEATURE.AUTO_CLOCK, 'clock'],
  [FEATURE.AUTO_BAUD, 'baud rate'],
  [FEATURE.AUTO_NEGOTIATION, 'negotiation'],
  [FEATURE.AUTO_PPS, 'PPS'],
  [FEATURE.AUTO_IFSD, 'IFSD'],
];

const thousands = (value: number): string => value.toLocaleString('en-US');
const megahertz = (kilohertz: number): string => `${(kilohertz / 1000).toFixed(2)} MHz`;
const range = (from: string, to: string): string => (from === to ? from : `${from} to ${to}`);
const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

/** A class descriptor as lines of label and words (CCID §5.1). */
export function describeClassDescriptor(descriptor: CcidClassDescriptor): readonly (readonly [string, string])[] {
  const { bcdCCID, bMaxSlotIndex, bVoltageSupport, dwProtocols, dwFeatures, bPINSupport } = descriptor;
  const digit = (shift: number): string => ((bcdCCID >> shift) & 0x0f).toString(16);
  return [
    ['CCID', `revision ${bcdCCID >> 8}.${digit(4)}${digit(0)}, ${slots(bMaxSlotIndex + 1)}`],
    ['exchange', LEVEL[exchangeLevel(descriptor)]],
    ['protocols', listed(bits(dwProtocols, ['T=0', 'T=1']))],
    ['voltages', listed(bits(bVoltageSupport, ['5 V', '3 V', '1.8 V']))],
    ['clock', range(megahertz(descriptor.dwDefaultClock), megahertz(descriptor.dwMaximumClock))],
    ['data rate', `${range(thousands(descriptor.dwDataRate), thousands(descriptor.dwMaxDataRate))} bit/s`],
    [
      'sizes',
      `messages ${thousands(descriptor.dwMaxCCIDMessageLength)} bytes, T=1 blocks ${descriptor.dwMaxIFSD} bytes`,
    ],
    ['by itself', listed(AUTOMATIC.filter(([bit]) => (dwFeatures & bit) !== 0).map(([, name]) => name))],
    ['own keys', listed(bits(bPINSupport, ['PIN entry', 'PIN change']))],
    ...display(descriptor.wLcdLayout),
  ];
}

const slots = (count: number): string => (count === 1 ? '1 slot' : `${count} slots`);

function bits(value: number, names: readonly string[]): string[] {
  return names.filter((_, bit) => (value & (1 << bit)) !== 0);
}

/** High byte lines, low byte columns. */
function display(wLcdLayout: number): readonly (readonly [string, string])[] {
  return wLcdLayout === 0 ? [] : [['display', `${wLcdLayout >> 8} lines of ${wLcdLayout & 0xff}`]];
}
