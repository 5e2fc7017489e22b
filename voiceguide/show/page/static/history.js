"use strict";
// What was done: weeks as columns, weekdays as rows, months above; how many days in a row.

const WEEKS = 14;
const CELL = 16;
const DAYS = ["Mon", "", "Wed", "", "Fri", "", "Sun"];
const ROOM = { left: 30, top: 16 };

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
  drawPast(told, new Date());
  place.hidden = false;
}

function iso(day) {
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

function drawPast({ days, streak, longest }, today) {
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
      parts.push(note(x, 10, day.toLocaleString("en", { month: "short" })));
    }
    const seconds = days[iso(day)] || 0;
    if (seconds > 0) {
      done += 1;
      minutes += seconds / 60;
    }
    const kind = seconds >= 600 ? "much" : seconds > 0 ? "some" : "none";
    const mark = iso(day) === iso(today) ? " today" : "";
    parts.push(make("rect", { x, y: ROOM.top + row * CELL, width: CELL - 3, height: CELL - 3, rx: 4, class: kind + mark }));
  }
  const calendar = at("calendar");
  calendar.setAttribute("viewBox", `0 0 ${ROOM.left + WEEKS * CELL} ${ROOM.top + 7 * CELL}`);
  calendar.setAttribute("aria-label", `${done} days and ${Math.round(minutes)} minutes in the last ${WEEKS} weeks`);
  calendar.replaceChildren(...parts);
  const row = streak > 1 ? `${streak} days in a row` : streak === 1 ? "Today counts" : "";
  const best = longest > streak && longest > 1 ? `the most were ${longest}` : "";
  put("row", [row, `${Math.round(minutes)} minutes on ${done} days`, best].filter(Boolean).join(" · "));
}

function note(x, y, text) {
  const made = make("text", { x, y });
  made.textContent = text;
  return made;
}
