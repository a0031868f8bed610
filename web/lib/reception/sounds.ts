const TONES = { good: [660, 880], bad: [330, 262] } as const;
const TONE_SECONDS = 0.12;

/** Two short tones, made on the spot; nothing is played unless the person switched sounds on. */
export function playTones(kind: keyof typeof TONES): void {
  const context = new AudioContext();
  TONES[kind].forEach((frequency, index) => {
    const start = context.currentTime + index * TONE_SECONDS;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0.12 });
    volume.gain.setTargetAtTime(0, start + TONE_SECONDS * 0.6, 0.02);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
    if (index === TONES[kind].length - 1) tone.onended = () => void context.close();
  });
}
