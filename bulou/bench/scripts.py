"""What the browser does in a benchmark of the app: it calls the app's own modules."""

_MODULE = """
const load = (file) => import(
  document.querySelector("script[type=module]").src.replace(/[^/]*$/, "") + file + ".js");
"""

CALL = f"""async ([path, ...given]) => {{ {_MODULE}
  const [file, name] = path.split(".");
  const result = await (await load(file))[name](...given);
  return result === undefined ? null : JSON.parse(JSON.stringify(result));
}}"""

CONTROLLED = """async () => {
  const workers = navigator.serviceWorker;
  if (!workers.controller) await new Promise((done) => workers.addEventListener("controllerchange", done));
}"""

SAVE = f"""async ([records]) => {{ {_MODULE}
  const outbox = await load("outbox");
  const times = [];
  for (const record of records) {{
    const began = performance.now();
    await outbox.add(record);
    times.push(performance.now() - began);
  }}
  return times;
}}"""

SEND = f"""async () => {{ {_MODULE}
  const sync = await load("sync");
  const began = performance.now();
  while (sync.summary().waiting > 0 && performance.now() - began < 100000) {{
    await sync.sendNow();
    await new Promise((done) => setTimeout(done, 20));
  }}
  return performance.now() - began;
}}"""

TALL = """() => {
  const tall = document.createElement("div");
  tall.style.height = "200000px"; // no style attribute: the page's rules refuse those
  document.body.append(tall);
}"""

SCROLL = """(milliseconds) => new Promise((done) => {
  const tall = document.scrollingElement.scrollHeight;
  const began = performance.now();
  let frames = 0;
  const step = () => {
    frames += 1;
    const gone = performance.now() - began;
    if (gone >= milliseconds) return done({ frames: frames * 1000 / gone, tall });
    scrollTo(0, (gone * 4) % Math.max(1, tall - innerHeight));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""

WATCH_COUNT = """() => {
  globalThis.counted = [];
  let began = 0;
  addEventListener("keydown", (event) => { if (event.key === "Enter") began = performance.now(); }, true);
  const told = new MutationObserver(() => {
    const said = document.querySelector("#count").textContent;
    const person = said.startsWith("Tube") && !said.includes(": 0 of");
    if (began && person) globalThis.counted.push(performance.now() - began);
    began = 0;
  });
  told.observe(document.querySelector("#count"), { childList: true, characterData: true, subtree: true });
}"""
