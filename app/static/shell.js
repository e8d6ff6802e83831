// What only a browser can do: remember the theme, follow the back button, and say when the page is there.
// Plain script on purpose: a module would be resolved against a package host on the internet.
(function () {
  "use strict"
  const year = 60 * 60 * 24 * 365
  const narrow = window.matchMedia("(max-width: 599px)")

  function remember(name, value) {
    document.cookie = `planwise_${name}=${value};path=/;max-age=${year};samesite=lax`
  }

  function page() {
    for (const document of Bokeh.documents) {
      for (const root of document.roots()) {
        if (root.class_name === "Page") { return root }
      }
    }
    return null
  }

  function ready() {
    const root = page()
    if (root != null) {
      const {data} = root
      if (narrow.matches) { data.sidebar_open = false }
      data.properties.dark_theme.change.connect(() => {
        remember("theme", data.dark_theme ? "dark" : "light")
        document.documentElement.dataset.pwTheme = data.dark_theme ? "dark" : "light"
      })
    }
    remember("narrow", narrow.matches ? 1 : 0)
    document.documentElement.dataset.pwReady = "1"
    document.getElementById("pw-waiting")?.classList.add("gone")
  }

  // The server asks for an address; `push` makes it a step of the history, otherwise the present step is rewritten.
  function go(query, push) {
    const address = window.location.pathname + (query ? `?${query}` : "")
    if (address === window.location.pathname + window.location.search) { return }
    window.history[push ? "pushState" : "replaceState"]({}, "", address)
  }

  window.planwise = {ready, go}
})()
