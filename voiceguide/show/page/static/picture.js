"use strict";
// The face with its strokes, and the ring of a breath; mirror.js tells what to draw and when.

const SVG = "http://www.w3.org/2000/svg";
const RETURN_SHARE = 0.18; // of a stroke, in which the hand goes back to where it began

let ways = [];
let drawn = "";

function figure(now) {
  for (const zone of document.querySelectorAll("#body .zone")) {
    zone.classList.toggle("lit", zone.dataset.zone === now.region);
  }
  at("figure").setAttribute("aria-label", [now.step, now.path, now.hands].filter(Boolean).join(", ") || "face");
  const key = JSON.stringify([now.lines, now.hand, now.picture]);
  if (key === drawn) return;
  drawn = key;
  // A routine about hands or feet brings a picture of its own.
  const own = now.picture;
  at("body").style.display = own ? "none" : "";
  at("own").replaceChildren(
    ...(own ? own.lit.map((d) => make("path", { d, class: "zone lit" })) : []),
    ...(own ? own.outline.map((d) => make("path", { d, class: "line" })) : []),
  );
  ways = [];
  at("ways").replaceChildren();
  at("hands").replaceChildren();
  for (const line of now.lines) {
    const hand = shape(now.hand);
    let path = null;
    if (line.d) {
      path = make("path", { d: line.d });
      at("ways").append(path);
      if (line.motion !== "circle") at("ways").append(arrow(path));
    } else {
      at("ways").append(make("circle", { cx: line.x, cy: line.y, r: 12 }));
    }
    at("hands").append(hand);
    ways.push({ line, path, hand, length: path ? path.getTotalLength() : 0 });
  }
}

function arrow(path) {
  const length = path.getTotalLength();
  const end = path.getPointAtLength(length);
  const before = path.getPointAtLength(Math.max(0, length - 4));
  const turn = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return make("polygon", {
    points: "6,0 -5,5.5 -5,-5.5",
    transform: `translate(${end.x} ${end.y}) rotate(${turn})`,
  });
}

function shape(kind) {
  const group = make("g", {});
  const add = (name, attributes) => group.append(make(name, { class: "hand", ...attributes }));
  // The hand points up; it is turned to where it moves.
  if (kind === "palm") {
    for (const x of [-7.5, -2.5, 2.5, 7.5]) add("rect", { x: x - 2.1, y: -19, width: 4.2, height: 14, rx: 2.1 });
    add("rect", { x: -10, y: -8, width: 20, height: 16, rx: 6 });
  } else if (kind === "fist") {
    add("rect", { x: -9, y: -8, width: 18, height: 16, rx: 6 });
    for (const x of [-6, -2, 2, 6]) add("circle", { cx: x, cy: -8, r: 2.8 });
  } else if (kind === "stone") {
    add("path", { d: "M-14,-4 C-8,-14 10,-14 15,-3 C10,-6 4,-4 2,4 C-2,10 -14,8 -14,-4Z" });
  } else if (kind === "roller") {
    add("rect", { x: -11, y: -5, width: 22, height: 10, rx: 5 });
    add("rect", { x: -1.8, y: 5, width: 3.6, height: 18, rx: 1.8 });
  } else if (kind === "finger") {
    add("rect", { x: -3.4, y: -6, width: 6.8, height: 17, rx: 3.4 });
  } else {
    add("rect", { x: -7, y: -6, width: 6.4, height: 16, rx: 3.2 });
    add("rect", { x: 0.6, y: -6, width: 6.4, height: 16, rx: 3.2 });
  }
  return group;
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function move(time) {
  const counted = shown.counted;
  const going = shown.state === "pacing" && counted && counted.onset !== null;
  document.body.dataset.still = going && !still.matches ? "no" : "yes";
  const raw = going && !still.matches ? (time - counted.onset) / counted.period : 0;
  // The last share of a stroke brings the hand back; circles and pressures have none.
  const share = Math.min(1, Math.max(0, raw));
  for (const { line, path, hand, length } of ways) {
    let x = line.x;
    let y = line.y;
    let size = 1;
    if (path) {
      const along = line.motion === "circle" ? share : Math.min(1, share / (1 - RETURN_SHARE));
      const point = path.getPointAtLength(length * along);
      x = point.x;
      y = point.y;
      if (line.motion !== "circle" && share > 1 - RETURN_SHARE) size = Math.max(0.05, (1 - share) / RETURN_SHARE);
    } else if (!still.matches) {
      size = 1 + 0.12 * Math.sin(time * 2);
    }
    const mirrored = line.x < 120 ? -1 : 1;
    hand.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${(1.35 * size * mirrored).toFixed(3)} ${(1.35 * size).toFixed(3)})`);
  }
}

function breathe(time) {
  const counted = shown.counted;
  let share = counted && counted.onset !== null ? Math.min(1, Math.max(0, (time - counted.onset) / counted.period)) : 0;
  for (const part of shown.breath) {
    if (share < part.share || part === shown.breath[shown.breath.length - 1]) {
      const inside = Math.min(1, share / part.share);
      const full = still.matches ? part.to : part.from + inside * (part.to - part.from);
      document.querySelector("#ring .lung").setAttribute("r", (36 + 66 * full).toFixed(1));
      put("way", part.way);
      return;
    }
    share -= part.share;
  }
}
