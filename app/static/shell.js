// What only a browser can do: begin the session, colour figures, follow the address, draw sliders.
// Plain script on purpose: a module would be resolved against a package host on the internet.
(function () {
  "use strict"
  // Give the figures the colours of the theme: they are drawn on a canvas, which no style sheet reaches.
  function dress() {
    if (window.Bokeh == null) { return }
    const style = getComputedStyle(document.documentElement)
    const colour = (name) => style.getPropertyValue(`--pw-${name}`).trim()
    const worn = [
      [/Axis$/, {axis_label_text_color: colour("muted"), major_label_text_color: colour("muted")}],
      [/Grid$/, {grid_line_color: colour("line")}],
    ]
    for (const document of Bokeh.documents) {
      for (const model of document.all_models) {
        const found = worn.find(([type]) => type.test(model.type))
        if (found != null) { model.setv(found[1], {sync: false}) }
      }
    }
  }

  function ready() {
    dress()
    document.documentElement.dataset.pwReady = "1"
    document.getElementById("pw-first")?.remove()
  }

  function lost() {
    document.getElementById("pw-lost").hidden = false
  }

  // The session begins with this connection; the server may have built it already.
  function begin() {
    const item = JSON.parse(document.getElementById("pw-item").textContent)
    Bokeh.set_log_level("warn")
    Bokeh.safely(() => Bokeh.embed.embed_items({}, [{...item, elementid: "pw-live", use_for_title: false}]))
  }

  // The server asks for an address; `push` makes it a step of the history, otherwise the present step is rewritten.
  function go(query, push) {
    const address = window.location.pathname + (query ? `?${query}` : "")
    if (address === window.location.pathname + window.location.search) { return }
    window.history[push ? "pushState" : "replaceState"]({}, "", address)
  }

  function make(tag, className, text) {
    const element = document.createElement(tag)
    if (className) { element.className = className }
    if (text != null) { element.textContent = text }
    return element
  }

  // A slider with its number: dragging shows, letting go tells.
  function slider(row, tell) {
    const box = make("div", "slider")
    const label = make("label", "label")
    const number = make("input", "number")
    const range = make("input", "range")
    const base = make("span", "base")
    number.type = "number"
    range.type = "range"
    let cell = null
    range.addEventListener("input", () => { number.value = range.value })
    const told = (value) => {
      const within = Math.min(Math.max(value, cell.low), cell.high)
      if (Number.isFinite(within) && within !== cell.value) { tell(cell.key, within) } else { show(cell) }
    }
    range.addEventListener("change", () => told(range.valueAsNumber))
    number.addEventListener("change", () => told(number.valueAsNumber))
    const head = make("div", "head")
    head.append(label, number)
    box.append(head, range, base)

    function show(next) {
      cell = next
      label.textContent = next.label
      const name = `${row.title}, ${next.label}, ${row.unit}`
      for (const input of [number, range]) {
        input.setAttribute("aria-label", name)
        input.step = next.step
        input.disabled = next.disabled
      }
      range.min = next.start; range.max = next.end; range.value = next.value ?? next.start
      number.min = next.low; number.max = next.high; number.value = next.value ?? ""
      const moved = next.base !== next.value
      box.classList.toggle("moved", moved)
      box.classList.toggle("unset", next.value == null)
      base.textContent = next.base == null ? "base: the table as it stands" : moved ? `base ${next.base}` : ""
    }
    return {box, show}
  }

  // Returns how to show rows in a container; the same rows with other values are changed in place.
  function sliders(container, tell) {
    let shape = null
    let made = []
    return (rows) => {
      const next = JSON.stringify(rows.map((row) => [row.title, row.cells.map((cell) => cell.key)]))
      if (next !== shape) {
        shape = next
        made = []
        container.replaceChildren(...rows.map((row) => {
          const group = make("fieldset", "slider-row")
          const legend = make("legend", null, row.title)
          legend.append(make("small", null, row.unit))
          const cells = row.cells.map(() => slider(row, tell))
          made.push(cells)
          const strip = make("div", "strip")
          strip.append(...cells.map((one) => one.box))
          group.append(legend, make("p", "muted", row.hint), strip)
          return group
        }))
      }
      rows.forEach((row, i) => row.cells.forEach((cell, j) => made[i][j].show(cell)))
    }
  }

  // Returns how to show markup in a container; a click on a part that can be picked is told, not followed.
  function picking(container, tell) {
    let picks = 0
    container.addEventListener("click", (event) => {
      const part = event.target.closest("[data-pick]")
      if (part == null || event.ctrlKey || event.metaKey || event.shiftKey) { return }
      event.preventDefault()
      part.setAttribute("aria-busy", "true")
      tell(part.dataset.pick, ++picks)
    })
    return (shown) => {
      const focused = container.getRootNode().activeElement?.dataset?.pick
      container.innerHTML = shown.html || ""
      const again = [...container.querySelectorAll("a, button")].find((part) => part.dataset.pick === focused)
      if (focused != null && again != null) { again.focus({preventScroll: true}) }
      if (shown.reveal) {
        const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches
        requestAnimationFrame(() => container.scrollIntoView({block: "nearest", behavior: calm ? "auto" : "smooth"}))
      }
    }
  }

  // Days as whole numbers, and as texts like 2027-06-30.
  const DAY = 86400000
  const PATIENCE = 2000
  const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY)
  const textOf = (day) => new Date(day * DAY).toISOString().slice(0, 10)
  function monthsLater(day, months) {
    const from = new Date(day * DAY)
    const month = from.getUTCMonth() + months
    const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
    return Math.round(Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), last)) / DAY)
  }
  const STEPS = [
    ["‹ year", "One year earlier", (day) => monthsLater(day, -12)], ["‹ month", "One month earlier", (day) => monthsLater(day, -1)],
    ["‹ day", "One day earlier", (day) => day - 1], ["day ›", "One day later", (day) => day + 1],
    ["month ›", "One month later", (day) => monthsLater(day, 1)], ["year ›", "One year later", (day) => monthsLater(day, 12)],
  ]

  // A day on a line, by slider, by steps or typed. It moves at once; the server is told where it is whenever it has
  // answered the last time: it always works on the newest day, and a drag shows days on its way.
  function dateline(container, tell) {
    const range = make("input", "range")
    const typed = make("input", "day")
    const ticks = make("div", "ticks")
    range.type = "range"
    typed.type = "date"
    range.setAttribute("aria-label", "Date on the run's years")
    typed.setAttribute("aria-label", "Date")
    let first = 0, last = 0, day = 0, told = null, waiting = null
    const buttons = STEPS.map(([text, name, step]) => {
      const button = make("button", null, text)
      button.type = "button"
      button.setAttribute("aria-label", name)
      button.addEventListener("click", () => move(step(day)))
      return {button, step}
    })
    const steps = make("div", "steps")
    steps.append(...buttons.slice(0, 3).map((one) => one.button), typed, ...buttons.slice(3).map((one) => one.button))
    container.replaceChildren(steps, range, ticks)

    function stand() {
      range.value = day
      typed.value = textOf(day)
      range.setAttribute("aria-valuetext", textOf(day))
      for (const {button, step} of buttons) { button.disabled = step(day) < day ? day === first : day === last }
    }
    function answered() {
      clearTimeout(waiting)
      waiting = null
      if (day === told) { return }
      told = day
      waiting = setTimeout(answered, PATIENCE)
      tell(textOf(day))
    }
    function move(to) {
      day = Math.min(Math.max(to, first), last)
      stand()
      if (waiting == null) { answered() }
    }
    range.addEventListener("input", () => move(range.valueAsNumber))
    range.addEventListener("keydown", (event) => {
      const months = {PageUp: 1, PageDown: -1}[event.key]
      if (months != null) { event.preventDefault(); move(monthsLater(day, months)) }
    })
    typed.addEventListener("input", () => {
      const asked = dayOf(typed.value)
      if (asked >= first && asked <= last && asked !== day) { move(asked) }
    })
    typed.addEventListener("blur", () => {
      const asked = dayOf(typed.value)
      move(Number.isFinite(asked) ? asked : day)
    })

    function show(line) {
      if (line.first == null) { return }
      first = dayOf(line.first)
      last = dayOf(line.last)
      day = told = dayOf(line.value)
      range.min = first; range.max = last
      typed.min = line.first; typed.max = line.last
      const years = []
      for (let year = Number(line.first.slice(0, 4)); year <= Number(line.last.slice(0, 4)); year++) {
        const at = dayOf(`${year}-01-01`)
        if (at < first || at > last) { continue }
        const tick = make("span", null, String(year))
        tick.style.setProperty("--at", String((at - first) / Math.max(last - first, 1)))
        years.push(tick)
      }
      ticks.replaceChildren(...years)
      stand()
    }
    return {show, answered}
  }

  window.planwise = {ready, lost, dress, go, sliders, picking, dateline}
  begin()
})()
