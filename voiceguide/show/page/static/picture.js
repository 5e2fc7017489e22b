"use strict";
// The round mirror: the person with zone, path and hand, a scene, or a breath; and its frame, which
// counts. mirror.js tells what to draw and when.

const SVG = "http://www.w3.org/2000/svg";
const HAND_SIZE = 0.92;
const RETURN_SHARE = 0.16; // of a stroke, in which the hand goes back to where it began
const FRAME = { cx: 120, cy: 142, r: 163 };
const SLOWEST_FRAME_MS = 28; // a machine that needs longer is given no movement

let ways = [];
let drawn = "";
let beads = "";
let beaten = "";
let sluggish = false;

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function calm() {
  return sluggish || still.matches;
}

function figure(now) {
  const person = now.picture ? "own" : now.behind ? "behind" : "front";
  at("figure").dataset.show = now.show === "figure" ? person : now.show;
  at("figure").setAttribute("aria-label", label(now));
  const key = JSON.stringify([now.show, now.scene, now.lines, now.picture, now.region, now.half]);
  if (key === drawn) return;
  drawn = key;
  if (now.show === "scene") at("scene").setAttribute("href", `#scene-${now.scene}`);
  for (const zones of document.querySelectorAll(".zones")) {
    zones.dataset.half = now.half;
    for (const zone of zones.children) zone.classList.toggle("lit", zone.dataset.zone === now.region);
  }
  // A routine about hands or feet may have a picture of its own.
  const own = now.picture;
  at("own").replaceChildren(
    ...(own ? own.lit.map((d) => make("path", { d, class: "glow" })) : []),
    ...(own ? own.outline.map((d) => make("path", { d, class: "line own" })) : []),
  );
  ways = [];
  at("ways").replaceChildren();
  at("hands").replaceChildren();
  if (now.show === "figure") now.lines.forEach(draw);
}

function label(now) {
  if (now.show === "figure") return [now.step, now.path, now.hands, now.half && `${now.half} side`].filter(Boolean).join(", ");
  if (now.show === "breath") return "a breath";
  return (now.scene || "rest").replaceAll("-", " ");
}

function draw(line) {
  const hand = line.hand ? make("use", { href: `#hand-${line.hand}` }) : null;
  if (hand) at("hands").append(hand);
  const way = { line, hand, path: null, trail: null, ring: null, length: 0 };
  if (line.d) {
    const dotted = line.motion === "tap" ? " dotted" : "";
    at("ways").append(make("path", { d: line.d, class: "halo" }));
    way.path = make("path", { d: line.d, class: `track${dotted}` });
    way.trail = make("path", { d: line.d, class: "trail" });
    at("ways").append(way.path, way.trail);
    way.length = way.path.getTotalLength();
    if (line.motion !== "circle") at("ways").append(make("circle", { cx: line.x, cy: line.y, r: 4.4, class: "from" }));
    at("ways").append(arrow(way.path, way.length, line.motion === "circle"));
  } else {
    way.ring = make("circle", { cx: line.x, cy: line.y, r: 13, class: "press" });
    at("ways").append(way.ring, make("circle", { cx: line.x, cy: line.y, r: 4, class: "from" }));
  }
  ways.push(way);
  place(way, 0, 1, 1);
}

function arrow(path, length, round) {
  const end = path.getPointAtLength(round ? length / 4 : length);
  const before = path.getPointAtLength(Math.max(0, (round ? length / 4 : length) - 4));
  const turn = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return make("polygon", {
    points: "8,0 -5,6.6 -5,-6.6",
    class: "tip",
    transform: `translate(${end.x} ${end.y}) rotate(${turn})`,
  });
}

function move(time) {
  const counted = shown.counted;
  const going = shown.state === "pacing" && counted && counted.onset !== null;
  at("figure").dataset.still = going && !calm() ? "no" : "yes";
  const share = going ? Math.min(1, Math.max(0, (time - counted.onset) / counted.period)) : 0;
  for (const way of ways) {
    if (calm() || !going) {
      // The whole path is lit, and only the frame moves.
      place(way, 0, 1, 1);
      if (way.trail) way.trail.style.strokeDasharray = "none";
      continue;
    }
    moveOne(way, share);
  }
}

function moveOne(way, share) {
  const motion = way.line.motion;
  if (motion === "press") {
    place(way, 0, 1, 1);
    way.ring.setAttribute("r", (13 + 3 * Math.sin(share * Math.PI)).toFixed(2));
    return;
  }
  const back = motion === "circle" ? 0 : RETURN_SHARE;
  const along = Math.min(1, share / (1 - back));
  const fade = share > 1 - back ? Math.max(0.1, (1 - share) / back) : 1;
  way.trail.style.strokeDasharray = `${(way.length * along).toFixed(1)} ${(way.length + 9).toFixed(1)}`;
  way.trail.style.opacity = fade;
  if (motion === "tap") {
    const taps = Math.max(4, Math.round(way.length / 13));
    const inside = (along * taps) % 1;
    place(way, Math.min(1, Math.floor(along * taps) / (taps - 1)), 1 + 0.16 * Math.sin(Math.PI * inside), fade);
  } else if (motion === "pinch") {
    const squeeze = Math.sin(Math.PI * ((along * 4) % 1));
    place(way, along, 1 - 0.12 * squeeze, fade);
  } else {
    place(way, along, 1, fade);
  }
}

function place(way, along, size, opacity) {
  const { line, path, hand, length } = way;
  const point = path ? path.getPointAtLength(length * along) : line;
  way.x = point.x;
  way.y = point.y;
  if (!hand) return;
  const turn = line.turn + along * (line.end_turn - line.turn);
  const scale = HAND_SIZE * size;
  hand.setAttribute(
    "transform",
    `translate(${point.x.toFixed(2)} ${point.y.toFixed(2)}) scale(${(scale * line.flip).toFixed(3)} ${scale.toFixed(3)}) rotate(${turn.toFixed(1)})`,
  );
  hand.setAttribute("opacity", opacity);
}

// ---------------------------------------------------------------- breath

// A phase of a breath that is at least this long counts down, for people lose track in it.
const LONG_SECONDS = 20;
const WAYS = { in: "Breathe in", out: "Breathe out", hold: "Hold" };

function breathe(time) {
  const counted = shown.counted;
  const begun = counted && counted.onset !== null && time >= counted.onset;
  let share = begun ? Math.min(1, (time - counted.onset) / counted.period) : 0;
  for (const part of shown.breath) {
    if (share < part.share || part === shown.breath[shown.breath.length - 1]) {
      const inside = Math.min(1, share / part.share);
      const full = calm() ? part.to : part.from + inside * (part.to - part.from);
      // It reaches the frame when the lungs are full.
      at("lung").setAttribute("r", (begun ? 38 + 120 * full : 38).toFixed(1));
      const left = Math.ceil((part.share - share) * (counted ? counted.period : 0));
      const long = counted && part.share * counted.period >= LONG_SECONDS;
      put("way", begun ? WAYS[part.way] + (long ? ` ${Math.max(1, left)}` : "") : "");
      return;
    }
    share -= part.share;
  }
}

// ---------------------------------------------------------------- the frame

// A part for each stroke, filled when it is done; one arc for a timer or a hold.
function frameShows(count, done, share) {
  const parts = count > 24 ? 1 : count;
  const filled = count > 24 ? (done + share) / count : done + share;
  const key = JSON.stringify([parts, Math.round(filled * 200)]);
  if (key === beads) return;
  beads = key;
  at("figure").dataset.beads = parts ? "yes" : "no";
  const gap = parts > 1 ? 0.1 : 0;
  const arcs = [];
  for (let index = 0; index < parts; index += 1) {
    const mine = Math.min(1, Math.max(0, filled - index));
    arcs.push(arc(index, parts, 1 - gap, "coming"));
    if (mine > 0.005) arcs.push(arc(index, parts, (1 - gap) * mine, "done"));
  }
  at("beads").replaceChildren(...arcs);
}

function arc(index, parts, share, kind) {
  return make("circle", {
    ...FRAME,
    class: kind,
    pathLength: parts,
    "stroke-dasharray": `${share.toFixed(4)} ${parts}`,
    transform: `rotate(${-90 + (360 * index) / parts} ${FRAME.cx} ${FRAME.cy})`,
  });
}

function beat(counted, time) {
  // For people who do not hear the tick.
  const key = counted && counted.onset !== null && time >= counted.onset ? `${counted.onset}` : "";
  if (key === beaten) return;
  beaten = key;
  if (!key) return;
  const frame = at("figure");
  frame.classList.remove("beat");
  void frame.getBoundingClientRect();
  frame.classList.add("beat");
  setTimeout(() => frame.classList.remove("beat"), 450);
}

// ---------------------------------------------------------------- a slow machine

let times = [];

function watchPace(stamp) {
  times.push(stamp);
  if (times.length < 90) return;
  const gaps = times.slice(1).map((each, index) => each - times[index]).sort((a, b) => a - b);
  times = [];
  // Half of the frames must be late, not a few. Once the page stands still it does so until it is opened again.
  if (gaps[Math.floor(gaps.length / 2)] > SLOWEST_FRAME_MS) sluggish = true;
}
