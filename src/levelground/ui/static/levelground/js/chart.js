// Walks the points of a chart by arrow keys and by pointer. The server has drawn everything and written every sentence:
// each mark carries its own as <title>, which is also what shows without this script.
const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 6, PageUp: -6 };

class Chart {
  constructor(box) {
    this.box = box;
    this.current = -1;
    this.pictures = [...box.querySelectorAll("svg")].map((svg) => this.#read(svg));
    this.tip = this.#add("div", "lg-figure__tip");
    this.tip.setAttribute("aria-hidden", "true");
    this.tip.hidden = true;
    this.live = this.#add("p", "lg-hide");
    this.live.setAttribute("role", "status");
    box.tabIndex = 0;
    // Screen readers hand the arrow keys on only to an application.
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", box.dataset.label ?? "");
    box.addEventListener("keydown", (event) => this.#onKey(event));
    box.addEventListener("pointermove", (event) => this.#onPointer(event));
    box.addEventListener("pointerleave", () => this.hide());
    box.addEventListener("blur", () => this.hide());
  }

  /** The marks of a picture with their sentences. The titles go: the tip says the same, once. */
  #read(svg) {
    const marks = [...svg.querySelectorAll("[data-point]")].map((mark) => {
      const [x, y] = mark.dataset.at.split(" ").map(Number);
      const title = mark.querySelector("title");
      const says = title?.textContent ?? "";
      title?.remove();
      return { x, y, says };
    });
    const ring = document.createElementNS(SVG, "circle");
    ring.setAttribute("class", "lg-chart__ring");
    ring.setAttribute("r", "8");
    ring.setAttribute("visibility", "hidden");
    svg.append(ring);
    return { svg, marks, ring };
  }

  #add(name, className) {
    const element = document.createElement(name);
    element.className = className;
    return this.box.appendChild(element);
  }

  /** The picture that the stylesheet shows at this width. */
  get #shown() {
    return this.pictures.find(({ svg }) => svg.getClientRects().length) ?? this.pictures[0];
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#shown.marks.length - 1;
    if (event.key === "Escape") return this.hide();
    let next;
    if (event.key === "Home") next = 0;
    else if (event.key === "End") next = last;
    else if (!(event.key in STEPS)) return;
    else if (this.current < 0) next = STEPS[event.key] > 0 ? 0 : last;
    else next = Math.min(Math.max(this.current + STEPS[event.key], 0), last);
    event.preventDefault();
    this.show(next, true);
  }

  #onPointer(event) {
    const { svg, marks } = this.#shown;
    const rect = svg.getBoundingClientRect();
    const x = ((event.clientX - rect.left) / rect.width) * svg.viewBox.baseVal.width;
    let nearest = -1;
    marks.forEach((mark, place) => {
      if (nearest < 0 || Math.abs(mark.x - x) < Math.abs(marks[nearest].x - x)) nearest = place;
    });
    this.show(nearest, false);
  }

  /** Point at a mark; `aloud`: tell it to screen readers too. */
  show(place, aloud) {
    const { svg, marks, ring } = this.#shown;
    const mark = marks[place];
    if (!mark) return;
    this.current = place;
    ring.setAttribute("cx", mark.x);
    ring.setAttribute("cy", mark.y);
    ring.setAttribute("visibility", "visible");
    this.tip.textContent = mark.says;
    this.tip.hidden = false;
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const room = this.box.clientWidth - this.tip.offsetWidth;
    const left = Math.min(Math.max(mark.x * scale - this.tip.offsetWidth / 2, 0), Math.max(room, 0));
    const above = mark.y * scale - this.tip.offsetHeight - 14;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above >= 0 ? above : mark.y * scale + 14}px`;
    if (aloud) this.live.textContent = mark.says;
  }

  hide() {
    this.tip.hidden = true;
    this.live.textContent = "";
    this.current = -1;
    this.pictures.forEach(({ ring }) => ring.setAttribute("visibility", "hidden"));
  }
}

export function startCharts(root = document) {
  root.querySelectorAll("[data-chart]").forEach((box) => {
    if (box.dataset.started) return;
    box.dataset.started = "yes";
    new Chart(box);
  });
}

startCharts();
document.addEventListener("htmx:afterSettle", (event) => startCharts(event.target));
