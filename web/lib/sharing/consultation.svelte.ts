import { useApp, type App } from '#lib/app/app.ts';
import type { PatientChart } from './patient-chart.svelte.ts';

/** What the doctor does with the chosen patient. */
export type ConsultationMode = 'chart' | 'consent' | 'request';

/** Who is in the room now. Outlives the room's screen, so that a look at another one loses nothing; gone with the page. */
export class Consultation {
  chart = $state.raw<PatientChart | undefined>(undefined);
  mode = $state.raw<ConsultationMode>('chart');

  /** The next patient: nothing of the last one stays. */
  change(chart: PatientChart | undefined): void {
    this.chart = chart;
    this.mode = 'chart';
  }
}

const kept = new WeakMap<App, Consultation>();

/** The consultation of this window. Call it while a component is set up. */
export function useConsultation(): Consultation {
  const app = useApp();
  let consultation = kept.get(app);
  if (!consultation) kept.set(app, (consultation = new Consultation()));
  return consultation;
}
