/** The one page of the static app, without content of its own: every other address is answered with it. */
export const prerender = true;
