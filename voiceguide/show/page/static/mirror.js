"use strict";
// Draws what /events tells. The present state comes first and whole, so a page that lost the guide
// and found it again needs to remember nothing.

const RETRY_MS = 1500;
const SILENT_MS = 25000;
const HEARD_SECONDS = 8;
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
  source = new EventSource("/events");
  lastWord = performance.now();
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    const offset = told.now - performance.now() / 1000;
    // The message that was underway for the shortest time is nearest to the truth. Old ones are
    // forgotten, because clocks drift; so are all when a session began anew.
    if (ahead !== null && Math.abs(offset - ahead) > 0.5) offsets = [];
    offsets = [...offsets.slice(-11), offset];
    ahead = Math.max(...offsets);
    lastWord = performance.now();
    document.body.dataset.link = "found";
    shown = told.shown;
    if (shown) render(shown);
    noise(told.noise, shown && shown.loud);
  };
  source.onerror = lose;
}

function lose() {
  source.close();
  document.body.dataset.link = "lost";
  shown = null;
  ahead = null;
  offsets = [];
  drawn = "";
  look("lost");
  put("routine", "voiceguide");
  for (const id of ["left", "zone", "count", "side", "next", "heard"]) put(id, "");
  put("step", "Waiting for the guide");
  put("caption", "This page comes back by itself when the guide does.");
  say([]);
  at("bar").firstElementChild.style.transform = "";
  at("bar").setAttribute("aria-valuenow", 0);
  at("calendar").hidden = true;
  invite(false);
  setTimeout(connect, RETRY_MS);
}

setInterval(() => {
  // A feed that died without a word, as behind a sleeping network.
  if (source.readyState === EventSource.OPEN && performance.now() - lastWord > SILENT_MS) beat();
}, 5000);

async function beat() {
  try {
    await fetch("/icon.svg", { cache: "no-store" });
    lastWord = performance.now();
  } catch {
    lose();
  }
}

// ---------------------------------------------------------------- what is shown

function render(now) {
  const underway = now.zone !== null;
  const active = now.state === "telling" || now.state === "pacing";
  const pictured = active && (now.region || now.lines.length > 0);
  const breathing = active && now.breath.length > 0 && now.lines.length === 0;
  document.body.dataset.mood = now.mood;
  document.body.dataset.loud = now.loud ? "yes" : "no";
  if (breathing) document.body.dataset.show = "ring";
  else if (pictured) document.body.dataset.show = "figure";
  else look(now.mood === "awake" ? "waiting" : now.mood);
  put("routine", now.routine || "voiceguide");
  put("left", now.routine && now.left ? minutes(now.left) : "");
  at("bar").setAttribute("aria-valuenow", Math.round(100 * now.progress));
  at("bar").firstElementChild.style.transform = `scaleX(${now.progress})`;
  put("zone", underway ? `${now.zone + 1} of ${now.zones.length} · ${now.zones[now.zone]}` : "");
  put("step", heading(now));
  put("side", side(now));
  document.body.dataset.fault = now.faults.length ? "yes" : "no";
  put("caption", now.faults.length ? `Not working: ${now.faults.join(", ")}` : now.caption);
  put("next", now.next ? `then ${now.next}` : "");
  count(now);
  say(now.words);
  figure(now);
  calendar(!underway);
  invite(["choosing", "offering", "ready"].includes(now.state));
}

function look(face) {
  document.body.dataset.show = "face";
  document.body.dataset.face = face;
}

const HEADINGS = {
  choosing: "Which routine?",
  offering: "Go on?",
  ready: "Ready?",
  paused: "Resting",
  stopping: "Stopped",
  closing: "Well done",
  ended: "Good-bye",
};

function heading(now) {
  return HEADINGS[now.state] || now.step;
}

function side(now) {
  const one = now.counted && (now.counted.side === "left" || now.counted.side === "right");
  return one ? `${now.counted.side} side` : "";
}

function minutes(seconds) {
  return seconds < 45 ? "under 1 min" : `${Math.max(1, Math.round(seconds / 60))} min left`;
}

function count(now) {
  const time = clock();
  if (now.timer !== null) {
    put("count", `${Math.max(0, Math.round(now.timer - time))} s`);
  } else if (now.counted && now.state === "pacing") {
    const { number, onset, hold, period } = now.counted;
    if (hold) {
      const left = onset === null ? period : onset + period - Math.max(time, onset);
      put("count", `${Math.max(0, Math.ceil(left))} s`);
    } else {
      // An onset is told ahead; until it comes the stroke before it is under way.
      const begun = onset !== null && time < onset ? number - 1 : number;
      put("count", begun > 0 ? `${begun} of ${now.counted.count}` : `${now.counted.count} ×`);
    }
  } else {
    put("count", "");
  }
}

function say(words) {
  const key = JSON.stringify([words, Boolean(token)]);
  const list = at("say");
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(
    ...words.map((word) => {
      const item = document.createElement("li");
      const text = word.replace(/\bi\b/g, "I");
      if (token) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.addEventListener("click", () => command(word));
        item.append(button);
      } else {
        item.textContent = text;
      }
      return item;
    }),
  );
}

function heard() {
  const place = at("heard");
  const time = clock();
  const recent = (told) => told && time - told.at < HEARD_SECONDS;
  let text = "";
  place.className = "";
  if (shown && recent(shown.rejected)) {
    text = `not obeyed: “${shown.rejected.text}”, ${shown.rejected.why}`;
    place.className = "no";
  } else if (shown && recent(shown.heard)) {
    text = `heard “${shown.heard.text}”`;
  }
  put("heard", text);
}

function noise(dbfs, loud) {
  const known = dbfs !== null;
  at("noise").hidden = !known && !loud;
  at("level").style.setProperty("--share", `${known ? Math.min(100, Math.max(0, 2 * (dbfs + 75))) : 0}%`);
  put("noise-words", loud ? "too loud to hear you" : known ? "noise" : "");
}

function put(id, text) {
  const place = at(id);
  if (place.textContent !== text) place.textContent = text;
}

// ---------------------------------------------------------------- time

function clock() {
  return performance.now() / 1000 + (ahead || 0);
}

function frame() {
  if (shown) {
    const time = clock();
    if (document.body.dataset.show === "figure") move(time);
    if (document.body.dataset.show === "ring") breathe(time);
    count(shown);
  }
  heard();
  requestAnimationFrame(frame);
}

// ---------------------------------------------------------------- the calendar

let days = null;

async function calendar(wanted) {
  const place = at("calendar");
  if (!wanted) {
    place.hidden = true;
    days = null;
    return;
  }
  if (days !== null) return;
  days = {};
  try {
    days = await (await fetch("/history")).json();
  } catch {
    return;
  }
  if (Object.keys(days).length === 0) return;
  const today = new Date();
  const monday = new Date(today);
  monday.setDate(today.getDate() - ((today.getDay() + 6) % 7) - 7 * 11);
  const cells = [];
  for (let index = 0; index < 84; index += 1) {
    const day = new Date(monday);
    day.setDate(monday.getDate() + index);
    const name = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
    const cell = document.createElement("i");
    const seconds = days[name] || 0;
    cell.className = day > today ? "coming" : seconds >= 600 ? "much" : seconds > 0 ? "some" : "";
    cells.push(cell);
  }
  const done = cells.filter((cell) => cell.className === "some" || cell.className === "much").length;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", `${done} days in the last 12 weeks`);
  place.replaceChildren(...cells);
  place.hidden = false;
}

// ---------------------------------------------------------------- commands

function takeToken() {
  const found = /^#token=([\w-]{16,64})$/.exec(location.hash);
  if (found) {
    sessionStorage.setItem("token", found[1]);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("token");
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
  // Before the session begins, a page that may command helps a phone to do so too.
  const place = at("invite");
  const show = wanted && Boolean(token);
  if (show === invited) return;
  invited = show;
  place.setAttribute("hidden", "");
  if (!show) return;
  const answer = await send("/invite", {});
  const rows = answer && answer.ok ? await answer.json() : [];
  if (!rows.length || !invited) return;
  place.setAttribute("viewBox", `0 0 ${rows[0].length} ${rows.length}`);
  const dark = rows.flatMap((row, y) => [...row].map((cell, x) => (cell === "1" ? `M${x},${y}h1v1h-1z` : "")));
  place.lastElementChild.setAttribute("d", dark.join(""));
  place.removeAttribute("hidden");
}

async function command(words) {
  const answer = await send("/command", { say: words });
  if (answer && (answer.status === 401 || answer.status === 403)) {
    // A token of an earlier session, or a page that can only be looked at.
    sessionStorage.removeItem("token");
    token = null;
    if (shown) say(shown.words);
  }
}

look("lost");
connect();
requestAnimationFrame(frame);
