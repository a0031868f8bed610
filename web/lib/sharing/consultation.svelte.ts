import { useApp, type App } from '#lib/app/app.ts';
import type { PatientChart } from './patient-chart.svelte.ts';

/** What the doctor does with the chosen patient. */
export type ConsultationMode = 'chart' | 'consent' | 'request' | 'emergency';

/** Who is in the room now. Outlives the room's screen, so that a look at another one loses nothing; gone with the page. */
export class Consultation {
  chart = $state.raw<PatientChart | undefined>(undefined);
  mode = $state.raw<ConsultationMode>('chart');
  /** Which side of the chart is in sight where there is room for one. */
  view = $state.raw<'history' | 'results'>('history');

  /** The next patient: nothing of the last one stays. */
  change(chart: PatientChart | undefined): void {
    this.chart = chart;
    this.mode = 'chart';
    this.view = 'history';
  }

  /** A request ended: after one was sent, its progress is what matters. */
  closeRequest(isSent: boolean): void {
    this.mode = 'chart';
    if (isSent) this.view = 'results';
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
