"use strict";
// The history: weeks as columns, weekdays as rows, months above; how many days in a row.

const WEEKS = 12;
const CELL = 16;
const DAYS = ["Mon", "", "Wed", "", "Fri", "", "Sun"];
const ROOM = { left: 32, top: 18 };
// Levels, from a number of seconds on, as in the terminal's calendar.
const LEVELS = [[0, "under 5", 0], [300, "5", 4], [600, "10", 6], [1200, "20 min", 8.4]];

let told = null;

async function past(wanted) {
  const place = at("past");
  if (!wanted) {
    place.hidden = true;
    told = null;
    return;
  }
  if (told !== null) return;
  told = {};
  try {
    told = await (await fetch("history")).json();
  } catch {
    return;
  }
  if (!told.days || Object.keys(told.days).length === 0) return;
  // A day may end after midnight, and the page may be in another time zone than the guide.
  drawPast(told, told.date ? new Date(`${told.date}T12:00`) : new Date());
  place.hidden = false;
}

function iso(day) {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

function levelOf(seconds) {
  return seconds > 0 ? LEVELS.filter(([least]) => seconds >= least).length : 0;
}

function drawPast({ days, streak, longest, today: counts }, today) {
  const monday = new Date(today);
  monday.setDate(today.getDate() - ((today.getDay() + 6) % 7) - 7 * (WEEKS - 1));
  const parts = DAYS.map((name, row) => note(0, ROOM.top + row * CELL + 11, name));
  let done = 0;
  let minutes = 0;
  let month = -1;
  for (let index = 0; index < 7 * WEEKS; index += 1) {
    const day = new Date(monday);
    day.setDate(monday.getDate() + index);
    if (day > today) break;
    const [week, row] = [Math.floor(index / 7), index % 7];
    const x = ROOM.left + week * CELL;
    if (row === 0 && day.getMonth() !== month && day.getDate() <= 7) {
      month = day.getMonth();
      parts.push(note(x, 11, day.toLocaleString("en", { month: "short" })));
    }
    const seconds = days[iso(day)] || 0;
    if (seconds > 0) {
      done += 1;
      minutes += seconds / 60;
    }
    const mark = iso(day) === iso(today) ? " today" : "";
    parts.push(make("rect", { x, y: ROOM.top + row * CELL, width: CELL - 3, height: CELL - 3, rx: 4, class: `level${levelOf(seconds)}${mark}` }));
  }
  const below = ROOM.top + 7 * CELL + 4;
  LEVELS.forEach(([, name, column], index) => {
    const x = ROOM.left + column * CELL;
    parts.push(make("rect", { x, y: below, width: CELL - 3, height: CELL - 3, rx: 4, class: `level${index + 1}` }));
    parts.push(note(x + CELL, below + 10, name));
  });
  const calendar = at("calendar");
  calendar.setAttribute("viewBox", `0 0 ${ROOM.left + WEEKS * CELL} ${below + CELL}`);
  calendar.setAttribute("aria-label", `${done} days and ${Math.round(minutes)} minutes in the last ${WEEKS} weeks`);
  calendar.replaceChildren(...parts);
  const row = streak > 1 ? `${streak} days in a row` : "";
  const best = longest > streak && longest > 1 ? `best ${longest} in a row` : "";
  put("row", [row, `${Math.round(minutes)} minutes on ${done} days`, best].filter(Boolean).join(" · "));
  put("tomorrow", counts && streak > 0 ? `Tomorrow makes ${streak + 1} in a row.` : "");
}

function note(x, y, text) {
  const made = make("text", { x, y });
  made.textContent = text;
  return made;
}
