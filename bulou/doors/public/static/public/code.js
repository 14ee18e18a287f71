// @ts-check
// The QR on a paper leads here with the code behind the #, which no server and no log ever sees: type it in, and hide it.
const field = document.querySelector("#code");
const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (field instanceof HTMLInputElement && code) {
  field.value = code.slice(0, 80);
  history.replaceState(null, "", location.pathname);
}
