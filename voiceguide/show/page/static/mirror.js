"use strict";
// Draws what the feed tells. The whole present state comes first, so a page that lost the guide and
// found it again need remember nothing. All addresses are relative, because it may be below a path.

const RETRY_MS = 1500;
const SILENT_MS = 25000;
const HEARD_SECONDS = 8;
const FLASH_SECONDS = 0.6;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const at = (id) => document.getElementById(id);

let shown = null;
let ahead = null; // seconds of the session minus seconds of this page
let offsets = [];
let source = null;
let lastWord = 0;
let token = takeToken();

// ---------------------------------------------------------------- the feed

function connect() {
  source = new EventSource("events");
  lastWord = performance.now();
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.onerror = lose;
}

function take(told) {
  const offset = told.now - performance.now() / 1000;
  // The message that took the shortest time gives the best estimate. Old ones are dropped, because
  // clocks drift; all are dropped when a session begins anew.
  if (ahead !== null && Math.abs(offset - ahead) > 0.5) offsets = [];
  offsets = [...offsets.slice(-11), offset];
  ahead = Math.max(...offsets);
  lastWord = performance.now();
  document.body.dataset.link = "found";
  shown = told.shown;
  if (shown) render(shown);
}

const OFFLINE = {
  state: "offline", routine: "", zones: [], zone: null, place: "", show: "scene", scene: "offline", region: "", half: "",
  behind: false, picture: null, step: "Waiting for the guide", next: "", reminder: "", lines: [], hands: "", pressure: "",
  caption: "This page comes back by itself when the guide does.", speaking: true, path: "", counted: null, breath: [],
  timer: null, own_timer: null, needs: [], words: [], heard: null, rejected: null, loud: false, left: 0, total: 0, progress: 0, faults: [],
};

function lose() {
  source.close();
  document.body.dataset.link = "lost";
  ahead = null;
  offsets = [];
  shown = null;
  render(OFFLINE);
  count(OFFLINE, 0);
  frameShows(0, 0, 0);
  setTimeout(connect, RETRY_MS);
}

setInterval(() => {
  // The feed has died silently, as when a network sleeps.
  if (source.readyState === EventSource.OPEN && performance.now() - lastWord > SILENT_MS) knock();
}, 5000);

async function knock() {
  try {
    await fetch("icon.svg", { cache: "no-store" });
    lastWord = performance.now();
  } catch {
    lose();
  }
}

// ---------------------------------------------------------------- what is shown

function render(now) {
  const screen = screenOf(now);
  document.body.dataset.screen = screen;
  document.body.dataset.state = now.state;
  document.body.dataset.may = token ? "yes" : "no";
  document.title = [heading(now), now.routine || "voiceguide"].filter(Boolean).join(" · ");
  bar(now);
  words(now);
  figure(now);
  past(["finished", "ended"].includes(screen));
  invite(["choosing", "hour", "offering", "ready"].includes(screen));
}

function bar(now) {
  const place = at("bar");
  const zones = ["choosing", "hour", "asleep", "ended", "idle"].includes(now.state) ? [] : now.zones;
  if (place.children.length !== zones.length) {
    place.replaceChildren(...zones.map(() => document.createElement("i")));
  }
  const here = now.state === "closing" ? zones.length : now.zone;
  [...place.children].forEach((part, index) => {
    part.className = here === null ? "" : index < here ? "done" : index === here ? "here" : "";
  });
  place.hidden = zones.length === 0;
  place.setAttribute("aria-valuenow", Math.round(100 * now.progress));
}

function heard(time) {
  const place = at("heard");
  const recent = (each) => each && time - each.at < HEARD_SECONDS;
  let [text, kind, flash] = ["", "", false];
  if (shown && recent(shown.rejected)) {
    [text, kind] = [`Not obeyed: “${shown.rejected.text}”, ${shown.rejected.why}`, "no"];
  } else if (shown && recent(shown.heard)) {
    text = `Heard “${shown.heard.text}”`;
    flash = time - shown.heard.at < FLASH_SECONDS;
  }
  if (place.className !== kind) place.className = kind;
  document.body.classList.toggle("heard", flash);
  put("heard", text);
}

// ---------------------------------------------------------------- time

function clock() {
  return performance.now() / 1000 + (ahead || 0);
}

function frame(stamp) {
  const time = clock();
  if (shown) {
    const showing = at("figure").dataset.show;
    if (ways.length) move(time);
    if (showing === "breath") breathe(time);
    count(shown, time);
    frameShows(...frameOf(shown, time));
    if (shown.state === "pacing") {
      beat(shown.counted, time);
      watchPace(stamp);
    }
    if (shown.state === "asleep") {
      put("clock", new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
    }
  }
  heard(time);
  // Nothing is animated while nothing is paced, to spare a small machine.
  if (shown && ["pacing", "telling"].includes(shown.state) && !calm()) requestAnimationFrame(frame);
  else setTimeout(() => requestAnimationFrame(frame), 200);
}

// ---------------------------------------------------------------- commands

function takeToken() {
  const found = /^#token=([\w-]{16,64})$/.exec(location.hash);
  try {
    if (found) {
      sessionStorage.setItem("token", found[1]);
      history.replaceState(null, "", location.pathname);
    }
    return sessionStorage.getItem("token");
  } catch {
    // In a frame of another site a browser may store nothing.
    return found ? found[1] : null;
  }
}

function send(where, body) {
  return fetch(where, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  }).catch(() => null);
}

let invited = false;

async function invite(wanted) {
  // Before the session begins, a page that may command shows the QR code for a phone.
  const place = at("invite");
  const show = wanted && Boolean(token);
  if (show === invited) return;
  invited = show;
  place.setAttribute("hidden", "");
  if (!show) return;
  const answer = await send("invite", { page: location.origin + location.pathname });
  const rows = answer && answer.ok ? await answer.json() : [];
  if (!rows.length || !invited) return;
  place.setAttribute("viewBox", `0 0 ${rows[0].length} ${rows.length}`);
  const dark = rows.flatMap((row, y) => [...row].map((cell, x) => (cell === "1" ? `M${x},${y}h1v1h-1z` : "")));
  place.lastElementChild.setAttribute("d", dark.join(""));
  place.removeAttribute("hidden");
}

async function command(spoken) {
  const answer = await send("command", { say: spoken });
  if (answer && (answer.status === 401 || answer.status === 403)) {
    // The token is of an earlier session, or the page has no commands.
    try {
      sessionStorage.removeItem("token");
    } catch {
      // Nothing was stored.
    }
    token = null;
    if (shown) render(shown);
  }
}

const KEYS = { ArrowRight: ["next"], ArrowLeft: ["back"], " ": ["pause", "continue", "resume", "start"] };

document.addEventListener("keydown", (event) => {
  if (!token || !shown || event.target.closest("button, #choices") || event.ctrlKey || event.altKey || event.metaKey) return;
  const wanted = (KEYS[event.key] || []).find((word) => shown.words.includes(word));
  if (!wanted) return;
  event.preventDefault();
  command(wanted);
});

addEventListener("resize", trimSay);
document.fonts.ready.then(trimSay);
render(OFFLINE);
connect();
requestAnimationFrame(frame);
