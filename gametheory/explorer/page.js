// What the reader sees and moves. All numbers come from Python: a slider only picks one of the values it was given.
// Texts of a model are set as text; the pieces of HTML in `quick` and `later` were escaped where they were made.

const KEYED = new Set(["button", "input", "select", "summary"]);
const PAUSE = 40; // milliseconds between two questions while a slider is dragged
const WAITING = "Tipping points: being worked out.";
const FAILED = "Tipping points: not worked out.";
const SLOW = 3000; // milliseconds without an answer after which the page says that it waits
const UNANSWERED = "No answer yet: what is shown belongs to earlier settings. Where none comes, the program behind this "
  + "page has stopped; run its cell again, or start the page anew.";
const CURRENT = "Worked out for the present values.";
const EARLIER = "What is pale belongs to earlier values.";
const OF_NASH = " The map and the tipping points stay those of Nash equilibria.";

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  if (KEYED.has(tag)) node.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys for its own
  node.append(...children.filter((child) => child !== null));
  return node;
}

function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, place) => {
    if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = place;
  });
  return best;
}

function written(value) {
  return String(Number(value.toPrecision(6)));
}

function menu(id, label, entries, chosen, changed) {
  const select = make("select", { id });
  for (const [value, text] of entries) select.append(make("option", { value }, text));
  select.value = chosen;
  select.addEventListener("change", () => changed(select.value));
  return { select, box: make("p", { class: "gt-menu" }, make("label", { for: id }, label), select) };
}

function about(control) {
  const rows = [
    ["Meaning", control.meaning],
    ["Law", control.law],
    ["Mark", control.mark],
    ["Source", control.source],
    ["Tied", control.tied],
  ];
  const list = make("dl", {});
  for (const [term, text] of rows.filter((row) => row[1])) list.append(make("dt", {}, term), make("dd", {}, text));
  list.append(make("div", { class: "gt-told" }));
  const unit = control.unit && control.unit !== "none" ? `${control.unit}; ` : "";
  return make("details", {}, make("summary", {}, make("span", { class: "gt-hidden" }, `About ${control.label}: `),
    `${unit}mark ${control.mark_key}`), list);
}

// A slider with its exact value beside it and the tipping points on its track.
function slider(control, id, value, changed) {
  const last = control.values.length - 1;
  const range = make("input", { type: "range", id, min: 0, max: last, step: 1, "aria-describedby": `${id}-tips` });
  const exact = make("input", {
    type: "number", id: `${id}-exact`, step: "any", min: control.values[0], max: control.values[last],
    "aria-label": `${control.label}, exact value`,
  });
  const marks = make("div", { class: "gt-marks", "aria-hidden": "true" });
  const tips = make("p", { class: "gt-tips", id: `${id}-tips` });
  const show = (number) => {
    range.value = nearest(control.values, number);
    range.setAttribute("aria-valuetext", written(number));
    exact.value = written(number);
  };
  range.addEventListener("input", () => {
    const number = control.values[Number(range.value)];
    range.setAttribute("aria-valuetext", written(number));
    exact.value = written(number);
    changed(number);
  });
  exact.addEventListener("change", () => {
    const typed = exact.value.trim() === "" ? NaN : Number(exact.value);
    const number = Number.isFinite(typed)
      ? Math.min(Math.max(typed, control.values[0]), control.values[last]) : control.central;
    show(number);
    changed(number);
  });
  const mark = (own) => {
    marks.replaceChildren(...own.marks.map((one) =>
      make("span", { class: "gt-mark", title: one.text, style: `--share:${Number(one.share)}` })));
    tips.textContent = `${own.sentence}.`;
    const changes = own.marks.map((one) => make("dd", {}, `${one.text}.`));
    box.querySelector(".gt-told").replaceChildren(make("dt", {}, "Tipping points"), ...changes,
      make("dd", {}, `${own.compared}.`));
  };
  const outdated = (old, failed) => {
    if (old && ["", WAITING, FAILED].includes(tips.textContent)) tips.textContent = failed ? FAILED : WAITING;
    for (const part of [marks, tips, box.querySelector(".gt-told")]) part.classList.toggle("gt-stale", old);
    tips.setAttribute("aria-busy", String(old && !failed));
  };
  show(value);
  const head = make("div", { class: "gt-head" }, make("label", { for: id }, control.label), exact);
  const track = make("div", { class: "gt-track" }, range, marks);
  const box = make("div", { class: "gt-control", "data-name": control.name }, head, track, tips, about(control));
  return { box, show, mark, outdated };
}

// A menu, where the law has few values.
function choice(control, id, value, changed) {
  const entries = control.values.map((own, place) => [String(place), written(own)]);
  const { select, box } = menu(id, control.label, entries, String(nearest(control.values, value)),
    (place) => changed(control.values[Number(place)]));
  box.classList.add("gt-head");
  const whole = make("div", { class: "gt-control", "data-name": control.name }, box, about(control));
  const show = (number) => { select.value = String(nearest(control.values, number)); };
  return { box: whole, show, mark: () => {}, outdated: () => {} };
}

// The map takes clicks and arrow keys: both set the two parameters to one of the values that their sliders have.
function plane(map, controls, move) {
  const at = (event) => {
    const svg = map.querySelector("svg[data-wide]");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const { left, top, wide, high } = svg.dataset;
    const across = ((event.clientX - box.left) * scale - Number(left)) / Number(wide);
    const up = 1 - ((event.clientY - box.top) * scale - Number(top)) / Number(high);
    if (across >= 0 && across <= 1 && up >= 0 && up <= 1) {
      [across, up].forEach((share, axis) => {
        const { values } = controls()[axis];
        move(axis, Math.round(share * (values.length - 1)));
      });
    }
  };
  const arrows = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 1], ArrowDown: [1, -1] };
  map.addEventListener("click", at);
  map.addEventListener("keydown", (event) => {
    if (!arrows[event.key] || !map.querySelector("svg[data-wide]")) return;
    event.preventDefault();
    event.stopPropagation();
    const [axis, step] = arrows[event.key];
    move(axis, null, step * (event.shiftKey ? 10 : 1));
  });
}

function render({ model, el }) {
  const page = model.get("page");
  const key = `gt${Math.random().toString(36).slice(2, 9)}`;
  const asked = structuredClone(model.get("asked"));
  let waiting = null;
  let watching = null;
  let before = 0;
  let shown = "";
  let chosen = false;

  const ask = () => {
    waiting = null;
    before = performance.now();
    asked.serial += 1;
    el.dataset.asked = asked.serial;
    watching ??= setTimeout(unanswered, SLOW, true);
    model.set("asked", structuredClone(asked));
    model.save_changes();
  };
  const soon = () => {
    if (waiting === null) waiting = setTimeout(ask, Math.max(0, PAUSE - (performance.now() - before)));
  };

  const sentence = make("p", { class: "gt-sentence", role: "status" });
  const answer = make("div", { class: "gt-answer" });
  const game = make("div", { class: "gt-payoffs" });
  const map = make("div", {
    class: "gt-place", tabindex: "0", role: "group", "data-lm-suppress-shortcuts": "true",
    "aria-label": "Map of two parameters: arrow keys move the point, with Shift in larger steps",
  });
  const left = make("p", { class: "gt-left", role: "status" });
  const silent = make("p", { class: "gt-left", role: "status" });
  const unanswered = (old) => {
    silent.textContent = old ? UNANSWERED : "";
    for (const part of [sentence, answer, game]) part.classList.toggle("gt-stale", old);
  };
  const finds = make("p", { class: "gt-note" });

  const own = {};
  page.controls.forEach((control, place) => {
    const build = control.menu ? choice : slider;
    own[control.name] = build(control, `${key}-${place}`, asked.values[control.name], (number) => {
      asked.values[control.name] = number;
      soon();
    });
  });
  const reset = make("button", { type: "button" }, "Reset to central values");
  reset.addEventListener("click", () => {
    for (const control of page.controls) {
      asked.values[control.name] = control.central;
      own[control.name].show(control.central);
    }
    soon();
  });

  const offered = () => page.concepts[asked.order];
  const concept = menu(`${key}-concept`, "Concept", [], "", (value) => {
    asked.concept = value;
    told();
    soon();
  });
  const told = () => {
    const entries = offered();
    if (!entries.some(([name]) => name === asked.concept)) asked.concept = entries[0][0];
    concept.select.replaceChildren(...entries.map(([name, label]) => make("option", { value: name }, label)));
    concept.select.value = asked.concept;
    finds.textContent = `Finds ${entries.find(([name]) => name === asked.concept)[2]}.`
      + (asked.concept === "nash" ? "" : OF_NASH);
  };
  const order = menu(`${key}-order`, "Order of play", page.orders, asked.order, (value) => {
    asked.order = value;
    told();
    soon();
  });
  told();

  const drawn = menu(`${key}-drawn`, "Drawn in the tree", [], "0", (value) => {
    asked.drawn = Number(value);
    soon();
  });
  const choices = (count, place) => {
    drawn.box.hidden = count < 2;
    if (drawn.select.options.length !== count) {
      drawn.select.replaceChildren(...Array.from({ length: count }, (_, k) =>
        make("option", { value: String(k) }, `Solution ${k + 1} of ${count}`)));
    }
    drawn.select.value = String(place);
    asked.drawn = place;
  };

  const axes = [];
  if (page.axes.length > 1) {
    for (const [axis, text] of [["x", "Map: across"], ["y", "Map: up"]]) {
      const found = menu(`${key}-${axis}`, text, page.axes, asked[axis], (value) => {
        const other = axis === "x" ? "y" : "x";
        if (value === asked[other]) {
          asked[other] = asked[axis];
          axes[axis === "x" ? 1 : 0].select.value = asked[other];
        }
        asked[axis] = value;
        chosen = true;
        soon();
      });
      axes.push(found);
    }
  }

  const named = Object.fromEntries(page.controls.map((control) => [control.name, control]));
  plane(map, () => [named[asked.x], named[asked.y]], (axis, place, step) => {
    const control = named[axis === 0 ? asked.x : asked.y];
    const last = control.values.length - 1;
    const wanted = place === null ? nearest(control.values, asked.values[control.name]) + step : place;
    asked.values[control.name] = control.values[Math.min(Math.max(wanted, 0), last)];
    own[control.name].show(asked.values[control.name]);
    soon();
  });

  // What another view of this page asked is shown here, too.
  const adopt = () => {
    const theirs = model.get("asked");
    if (theirs.serial <= asked.serial) return; // an echo of our own
    Object.assign(asked, structuredClone(theirs));
    el.dataset.asked = asked.serial;
    for (const control of page.controls) own[control.name].show(asked.values[control.name]);
    order.select.value = asked.order;
    told();
    axes.forEach((one, place) => { one.select.value = asked[place === 0 ? "x" : "y"]; });
  };
  // The map starts on the parameters whose tipping points turned out to be nearest, unless the reader was faster.
  const place = (wanted) => {
    if (!chosen) [asked.x, asked.y] = wanted;
    chosen = true;
    axes.forEach((one, k) => { one.select.value = asked[k === 0 ? "x" : "y"]; });
    soon();
  };

  const aged = (names, failed = false) => {
    const old = new Set(names);
    for (const control of page.controls) own[control.name].outdated(old.has(control.name), failed);
  };
  const quick = () => {
    const found = model.get("quick");
    sentence.textContent = `${found.sentence}.`;
    answer.innerHTML = found.answer;
    game.innerHTML = found.game;
    choices(found.solutions, found.drawn);
    const point = map.querySelector(".gt-point");
    if (point && found.point) point.innerHTML = found.point;
    map.classList.toggle("gt-stale", found.stale);
    aged(found.outdated);
    if (found.stale || found.outdated.length) {
      left.textContent = EARLIER;
      left.classList.remove("gt-current");
    }
    el.dataset.serial = found.serial;
    clearTimeout(watching);
    watching = found.serial < asked.serial ? setTimeout(unanswered, SLOW, true) : null;
    unanswered(false);
  };
  const later = () => {
    const found = model.get("later");
    if (found.map && found.map !== shown) map.innerHTML = found.map;
    shown = found.map || shown;
    map.hidden = !map.innerHTML;
    map.classList.toggle("gt-stale", found.stale);
    for (const [name, marks] of Object.entries(found.changes)) own[name].mark(marks);
    aged(found.outdated, Boolean(found.fault));
    left.classList.toggle("gt-current", !found.fault && !found.left);
    left.textContent = found.fault ? `Not worked out: ${found.fault}.`
      : found.left ? `Being worked out: ${found.left}.` : CURRENT;
    el.dataset.later = found.serial;
    if (!found.left) el.dataset.done = found.serial;
    if (found.axes && found.serial >= asked.serial) place(found.axes);
  };
  model.on("change:asked", adopt);
  model.on("change:quick", quick);
  model.on("change:later", later);

  const heading = make("header", {}, make("h2", {}, page.title), page.question ? make("p", {}, page.question) : null);
  const menus = make("div", { class: "gt-menus" }, order.box, concept.box, finds);
  const sides = make("div", { class: "gt-axes" }, ...axes.map((one) => one.box));
  const fixed = page.fixed.length
    ? make("p", { class: "gt-note" }, `Held still: ${page.fixed.map(([label, value]) => `${label} ${value}`).join("; ")}.`)
    : null;
  const moved = make("details", { class: "gt-controls", open: "" }, make("summary", {}, "Parameters"),
    reset, ...page.controls.map((control) => own[control.name].box), fixed);
  const seen = make("section", { class: "gt-seen", "aria-label": "Answer" },
    make("div", { class: axes.length ? "gt-pair" : "gt-alone" }, answer, make("div", {}, left, sides, map)),
    drawn.box, game);
  const words = make("details", {}, make("summary", {}, "What the words mean"),
    make("dl", {}, ...page.words.flatMap(([word, text]) => [make("dt", {}, word), make("dd", {}, text)])));
  el.classList.add("gt-explorer");
  el.replaceChildren(make("div", { class: "gt-page" }, heading, menus, silent, sentence,
    make("div", { class: "gt-columns" }, moved, seen), make("p", { class: "gt-note" }, page.limits), words));
  // What sticks below the sentence, or is reached by the keyboard, has to know how high it stands.
  const height = new ResizeObserver(() => {
    el.style.setProperty("--gt-top", `${Math.ceil(sentence.getBoundingClientRect().height)}px`);
  });
  height.observe(sentence);
  el.dataset.asked = asked.serial;
  quick();
  later();
  for (const still of document.querySelectorAll(".gt-still")) {
    if (still.dataset.key === page.key) still.remove();
  }
  return () => {
    height.disconnect();
    clearTimeout(waiting);
    clearTimeout(watching);
    model.off("change:asked", adopt);
    model.off("change:quick", quick);
    model.off("change:later", later);
  };
}

export default { render };
