/** `fetch` for one origin as a browser page on it would have: relative paths, same-origin header, cookies kept. */
export function createCookieFetch(origin: string): typeof fetch {
  const cookies = new Map<string, string>();
  return async (input, init = {}) => {
    if (typeof input !== 'string') throw new TypeError('paths only');
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new URL(input, origin), { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (at > 0) cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
}
