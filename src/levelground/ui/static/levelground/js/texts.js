// What the scripts say comes with the page, in its language.
const meta = document.querySelector('meta[name="levelground-texts"]');
export const texts = meta ? JSON.parse(meta.content) : {};
