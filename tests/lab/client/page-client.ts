/// <reference types="w3c-web-usb" />
/** The dialogues as a page offers them to whoever drives it. */
import { DIALOGUES, type DialogueName } from './dialogues.ts';

declare global {
  interface Window {
    /** Put there by whoever drives the page. */
    report: (what: string) => Promise<void>;
    converse: (name: DialogueName) => Promise<unknown>;
  }
}

window.converse = (name) => DIALOGUES[name](navigator.usb, (what) => window.report(what));
document.body.dataset['ready'] = 'yes';
