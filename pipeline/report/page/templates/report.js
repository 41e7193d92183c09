"use strict";
(() => {
  const { reports, order, sets, words, text } = JSON.parse(document.getElementById("report-data").textContent);
  const page = 50;
  const dialog = document.getElementById("reports-dialog");
  const title = document.getElementById("reports-dialog-title");
  const body = dialog.querySelector(".dialog-body");
  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const element = (name, className, content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (content) made.textContent = content;
    return made;
  };

  // The reports are in Finnish, also on a page in another language.
  const spoken = (content) => {
    const made = element("p", "text", content);
    made.lang = "fi";
    return made;
  };

  // One report: its id and facts, its text when opened. Texts go in as text, never as HTML.
  function show(position, isOpen) {
    const [id, period, date, area, groups, valence, observation, proposal, themes, isLeftOut] = reports[position];
    const item = element("details", "rep");
    const summary = element("summary");
    summary.append(element("b", "", id), element("span", "", [date || period, area, groups].filter(Boolean).join(" · ")));
    item.append(summary);
    if (reports[position].length === 1) {
      item.append(element("p", "meta", text.no_text));
    } else {
      item.append(spoken(observation));
      if (proposal) item.append(element("h4", "", text.proposal), spoken(proposal));
      const named = themes.map(([name, isConfirmed]) => isConfirmed ? `${name} (${text.confirmed})` : name).join("; ");
      const facts = [valence, isLeftOut && text.left_out, named && `${text.themes}: ${named}`];
      item.append(element("p", "meta", facts.filter(Boolean).join(" · ")));
    }
    item.open = isOpen;
    return item;
  }

  // A list of reports, a page at a time.
  function list(place, positions, isOpen) {
    let shown = 0;
    const button = element("button", "more", text.more);
    button.type = "button";
    const next = () => {
      const first = shown;
      positions.slice(shown, shown + page).forEach((position) => place.insertBefore(show(position, isOpen), button));
      shown += page;
      button.hidden = shown >= positions.length;
      if (first) place.children[first].querySelector("summary").focus();
    };
    button.addEventListener("click", next);
    place.replaceChildren(button);
    next();
  }

  function open(heading, positions, n) {
    title.textContent = heading;
    list(body, positions, positions.length === 1);
    if (n > positions.length) body.append(element("p", "note", fill(text.cut, { shown: positions.length, n })));
    dialog.showModal();
    body.scrollTop = 0;
    title.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, .dot");
    if (!button) return;
    if (button.dataset.set !== undefined) {
      const [heading, n, positions] = sets[Number(button.dataset.set)];
      open(`${heading} (${n})`, positions, n);
    } else if (button.dataset.report !== undefined) {
      const position = Number(button.dataset.report);
      open(reports[position][0], [position], 1);
    } else if (button.classList.contains("close")) {
      dialog.close();
    }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  // The map of reports: an arrow goes to the nearest report on that side, Enter opens it.
  document.querySelectorAll(".map-view").forEach((view) => {
    const dots = [...view.querySelectorAll(".dot")].map((dot) => ({ dot, x: Number(dot.getAttribute("x")), y: Number(dot.getAttribute("y")) }));
    const cursor = view.querySelector(".cursor");
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    let at = null;
    view.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && at) open(reports[Number(at.dot.dataset.report)][0], [Number(at.dot.dataset.report)], 1);
      if (!(event.key in ways) || !dots.length) return;
      event.preventDefault();
      const [across, down] = ways[event.key];
      const cost = (one) => {
        const ahead = (one.x - at.x) * across + (one.y - at.y) * down;
        const aside = Math.abs((one.x - at.x) * down) + Math.abs((one.y - at.y) * across);
        return ahead > 0 ? ahead + 2 * aside : Infinity;
      };
      const next = at ? dots.filter((one) => cost(one) < Infinity).sort((a, b) => cost(a) - cost(b))[0] : dots[dots.length - 1];
      if (!next) return;
      at = next;
      cursor.setAttribute("x", at.x);
      cursor.setAttribute("y", at.y);
      cursor.removeAttribute("hidden");
      view.querySelector(".told").textContent = at.dot.dataset.tip;
    });
  });

  // Search: a word finds its lemma's reports, the lemmas that begin with it, and report ids.
  const box = document.getElementById("haku");
  if (box) {
    const place = document.getElementById("haku-lista");
    const told = document.getElementById("haku-tulos");
    const inOrder = new Map(order.map((position, i) => [position, i]));
    const hits = (word) => {
      const found = new Set();
      const add = (lemma) => words.reports[lemma].forEach((position) => found.add(position));
      (Object.hasOwn(words.forms, word) ? words.forms[word] : []).forEach(add);
      words.lemmas.forEach((lemma, i) => { if (lemma === word || (word.length > 2 && lemma.startsWith(word))) add(i); });
      order.forEach((position) => { if (reports[position][0].toLowerCase().startsWith(word)) found.add(position); });
      return found;
    };
    // An inflected form that stands nowhere finds the words that begin like it, less its ending.
    const hitsOrStart = (word) => {
      for (let n = word.length; n >= Math.max(5, word.length - 4); n -= 1) {
        const found = hits(word.slice(0, n));
        if (found.size) return { found, start: n < word.length ? word.slice(0, n) : "" };
      }
      return { found: hits(word), start: "" };
    };
    const search = () => {
      const asked = box.value.normalize("NFC").toLowerCase().split(/[\s,.;:!?"”()]+/).filter(Boolean);
      if (!asked.length) { place.replaceChildren(); told.textContent = ""; return; }
      const each = asked.map(hitsOrStart);
      const positions = [...each[0].found].filter((position) => each.every((one) => one.found.has(position)));
      const starts = each.map((one) => one.start).filter(Boolean).map((start) => fill(text.quoted, { text: start })).join(", ");
      positions.sort((a, b) => inOrder.get(a) - inOrder.get(b));
      told.textContent = positions.length === 0 ? text.none : positions.length === 1 ? text.found_one : fill(text.found_many, { n: positions.length });
      if (positions.length && starts) told.textContent = fill(text.found_start, { found: told.textContent, start: starts });
      if (positions.length) list(place, positions, false); else place.replaceChildren();
    };
    let wait = 0;
    box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(search, 150); });
  }

  // A long table shows its first rows; a name typed finds the others.
  document.querySelectorAll("[data-find]").forEach((input) => {
    const rows = [...document.querySelectorAll(`[data-found="${input.dataset.find}"] tbody tr`)];
    const filter = () => {
      const asked = input.value.normalize("NFC").trim().toLowerCase();
      rows.forEach((row, place) => {
        row.hidden = asked ? !row.cells[0].textContent.toLowerCase().includes(asked) : place >= Number(input.dataset.most);
      });
    };
    input.addEventListener("input", filter);
    filter();
    addEventListener("beforeprint", () => rows.forEach((row) => { row.hidden = false; }));
    addEventListener("afterprint", filter);
  });

  // Tooltips repeat what the tables say, for the mouse.
  const tip = document.getElementById("tip");
  document.addEventListener("pointermove", (event) => {
    const marked = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    tip.hidden = !marked;
    if (!marked) return;
    tip.textContent = marked.dataset.tip;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - width - 8))}px`;
    tip.style.top = `${event.clientY > height + 20 ? event.clientY - height - 10 : event.clientY + 18}px`;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });

  // The contents mark where the reader is, and fold on a phone.
  const entries = new Map([...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((changes) => {
    for (const change of changes) {
      if (!change.isIntersecting) continue;
      entries.forEach((link) => link.removeAttribute("aria-current"));
      entries.get(change.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
  document.querySelector(".toc a")?.setAttribute("aria-current", "true");
  if (matchMedia("(max-width: 44rem)").matches) document.querySelector(".toc details").open = false;

  // Paper cannot unfold: what is folded in the text is printed, long data tables are not.
  const folded = () => document.querySelectorAll("main details:not(.data):not(.rep)");
  addEventListener("beforeprint", () => folded().forEach((item) => { item.open = true; }));
})();
