"use strict";
// The words beside the mirror: headings, counts, what to say, what is wrong.

const HEADINGS = {
  choosing: "Which routine?",
  day: "Begin with this?",
  reminding: "It is time. Begin?",
  hour: "Is it evening?",
  offering: "Go on where you stopped?",
  ready: "Ready?",
  paused: "Paused",
  stopping: "Stopped",
  closing: "Well done",
  idle: "Which routine?",
  asleep: "Asleep until it is called",
  ended: "Good-bye",
};
const FAULTS = {
  microphone: "The microphone is gone. The guide goes on, but hears nothing; look at its plug.",
  muted: "The microphone gives no sound. Look at its switch.",
  recogniser: "What is said is not understood just now. It is being started again.",
  speaker: "The loudspeaker is gone. Read along here; look at its plug.",
  voice: "The voice is not working. Read along here.",
  slow: "The voice comes late: this machine is busy.",
  disk: "Nothing can be written. Your place is not kept.",
  lock: "Another program holds the journal. Your place is not kept.",
};
const TOO_LOUD = "It is too loud here to hear you.";

function put(id, text) {
  const place = at(id);
  if (place.textContent !== text) place.textContent = text;
}

function sentence(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : "";
}

function screenOf(now) {
  if (now.state === "waiting" && now.timer !== null) return "timer";
  return { closing: "finished", idle: "choosing", stopping: "stopped" }[now.state] || now.state;
}

function words(now) {
  const screen = screenOf(now);
  const underway = now.zone !== null;
  put("routine", now.routine || "voiceguide");
  put("zone", underway ? `${sentence(now.zones[now.zone])} · zone ${now.zone + 1} of ${now.zones.length}` : "");
  put("step", heading(now));
  put("side", side(now));
  put("how", how(now));
  put("on", on(now, screen));
  put("next", now.next && now.state !== "paused" ? `Then: ${now.next}` : "");
  caption(now);
  notice(now);
  needs(screen === "ready" ? now.needs : []);
  const chosen = token ? now.programmes || [] : [];
  say(screen === "choosing" ? [...(now.persons || []), ...chosen] : now.words.map((word) => [word, word]));
  choices(screen === "choosing" ? now.words : []);
}

function heading(now) {
  if (now.state === "asleep" && now.words.length) return `Say “${now.words[0]}”`;
  return sentence(HEADINGS[now.state] || now.step);
}

function side(now) {
  if (now.state !== "pacing" || !now.half) return "";
  // The sentence that says so is shown already.
  const said = now.speaking && now.caption.toLowerCase().includes(`${now.half} side`);
  return said ? "" : `${sentence(now.half)} side`;
}

function left(now, time) {
  const parts = [ofRoutine(now), ofTimer(now, time)];
  return parts.filter(Boolean).join(" · ");
}

function ofTimer(now, time) {
  return now.own_timer === null ? "" : `your timer ${countdown(Math.max(0, Math.round(now.own_timer - time))).join("")}`;
}

function ofRoutine(now) {
  if (!now.routine || ["choosing", "day", "reminding", "hour", "idle", "asleep", "ended", "closing"].includes(now.state)) return "";
  if (now.state === "ready") return about(now.total);
  return now.left ? `${about(now.left)} left` : "";
}

function about(seconds) {
  return seconds < 45 ? "under 1 min" : `${Math.max(1, Math.round(seconds / 60))} min`;
}

function how(now) {
  if (now.speaking && ["pacing", "waiting"].includes(now.state)) return "";
  if (now.state === "stopping") return now.place ? `Your place: ${now.place}` : "";
  if (now.state === "paused") return sentence(now.step);
  if (now.state === "closing") return `${now.zones.length} zones, ${about(now.total)}`;
  if (now.state === "waiting") return now.reminder;
  if (now.state !== "pacing") return "";
  return [sentence(now.hands), now.pressure].filter(Boolean).join("\u00a0· ");
}

function on(now, screen) {
  const first = now.words[0] ? now.words[0].replace(/\bi\b/g, "I") : "";
  if (screen === "timer") return `Goes on by itself, or say “${first}”`;
  const asks = { waiting: "when you are done", ready: "to begin", paused: "to go on", day: "or “no”", reminding: "or “later”", offering: "or “no”", hour: "or “no”", stopped: "to take it back" };
  return first && asks[screen] ? `Say “${first}” ${asks[screen]}` : "";
}

function caption(now) {
  // What was said stays readable if nothing else shows it.
  const over = ["pacing", "paused"].includes(now.state) || (now.state === "waiting" && now.reminder);
  const silent = ["asleep", "ended"].includes(now.state) || (over && !now.speaking);
  put("caption", silent ? "" : now.caption);
  at("caption").className = now.speaking ? "" : "said";
}

function notice(now) {
  const text = now.faults.length ? now.faults.map((fault) => FAULTS[fault] || `Not working: ${fault}`).join(" ") : now.loud ? TOO_LOUD : "";
  put("notice", text);
  // A screen reader reads what the guide does not say itself; the guide's sentences only if its voice has failed.
  const mute = now.faults.some((fault) => fault === "speaker" || fault === "voice");
  put("aloud", [text, heading(now), mute ? now.caption : ""].filter(Boolean).join(" "));
  at("notice").className = now.faults.length ? "" : "loud";
}

function needs(names) {
  const list = at("needs");
  list.hidden = names.length === 0;
  fill(list, names, (name) => {
    const item = document.createElement("li");
    item.textContent = sentence(name);
    return item;
  });
}

function fill(list, values, item) {
  const key = JSON.stringify([values, Boolean(token), Object.keys(routines).length]);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  const focused = list.contains(document.activeElement) ? document.activeElement.textContent : null;
  list.replaceChildren(...values.map(item));
  if (focused === null) return;
  // Keep the keyboard's focus where it is.
  const buttons = [...list.querySelectorAll("button")];
  const next = buttons.find((each) => each.textContent === focused) || buttons[0];
  if (next) next.focus();
}

// ---------------------------------------------------------------- what can be said

function say(list) {
  fill(at("say"), list, ([word, written]) => {
    const item = document.createElement("li");
    const text = written.replace(/\bi\b/g, "I");
    if (token) item.append(button(text, word));
    else item.textContent = text;
    return item;
  });
  trimSay();
}

// Only the words that fit: a word that is cut off, or alone in a row, helps nobody.
function trimSay() {
  const items = [...at("say").children];
  for (const item of items) item.hidden = false;
  const rows = matchMedia("(orientation: portrait) and (min-height: 700px)").matches ? 2 : 1;
  const tops = [...new Set(items.map((item) => item.offsetTop))];
  const last = tops[rows - 1];
  const alone = rows > 1 && tops.length >= rows && items.filter((item) => item.offsetTop === last).length === 1;
  for (const item of items) item.hidden = item.offsetTop > last || (alone && item.offsetTop === last);
}

function button(text, word) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", () => command(word));
  return made;
}

let routines = {};

// How long each routine takes, and what it is: fetched once, when there is a choice.
async function learnRoutines() {
  learnRoutines = async () => {};
  try {
    routines = await (await fetch("routines")).json();
  } catch {
    return;
  }
  if (shown) words(shown);
}

function choices(names) {
  const list = at("choices");
  list.hidden = names.length === 0;
  if (names.length) learnRoutines();
  fill(list, names, (name) => {
    const item = document.createElement("li");
    const one = token ? button("", name) : document.createElement("div");
    one.className = "one";
    const [title, long] = [document.createElement("b"), document.createElement("i")];
    title.textContent = sentence(name);
    long.textContent = routines[name] || "";
    one.append(title, long);
    item.append(one);
    return item;
  });
}

// ---------------------------------------------------------------- counts

function count(now, time) {
  put("left", left(now, time));
  const place = at("count");
  let [main, rest] = ["", ""];
  if (now.timer !== null && now.state === "waiting") {
    [main, rest] = countdown(Math.max(0, Math.round(now.timer - time)));
  } else if (now.counted && now.state === "pacing") {
    const { number, onset, hold, period, count: whole } = now.counted;
    if (hold) {
      const remains = onset === null ? period : onset + period - Math.max(time, onset);
      [main, rest] = countdown(Math.max(0, Math.ceil(remains)));
    } else {
      // An onset is told ahead of time; until then the stroke before it goes on.
      const begun = onset !== null && time < onset ? number - 1 : number;
      [main, rest] = begun > 0 ? [`${begun}`, ` of ${whole}`] : [`${whole}`, ` ${now.show === "breath" ? "breaths" : "times"}`];
    }
  }
  if (place.textContent === main + rest) return;
  const small = document.createElement("span");
  small.textContent = rest;
  place.replaceChildren(...(main ? [main, small] : []));
}

function countdown(seconds) {
  if (seconds < 100) return [`${seconds}`, " s"];
  return [`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, " min"];
}

function frameOf(now, time) {
  if (now.timer !== null && now.timer_total && now.state === "waiting") {
    return [1, 0, Math.min(1, Math.max(0, (now.timer - time) / now.timer_total))];
  }
  if (!now.counted || !["pacing", "telling"].includes(now.state)) return [0, 0, 0];
  const { number, onset, period, count: whole } = now.counted;
  if (onset === null || now.state !== "pacing") return [whole, 0, 0];
  const share = Math.min(1, Math.max(0, (time - onset) / period));
  return [whole, Math.max(0, number - 1), calm() ? Math.round(share * 4) / 4 : share];
}
