// Everything on screen comes from the API with the reader's own token: there is nothing that a
// server could render before the browser is there.
export const ssr = false;
export const prerender = false;
