/** A static app: every route is rendered in the browser. */
export const ssr = false;
export const prerender = false;
