// Browsers start no Worker for a page that was opened from a folder. There the search runs in a
// hidden frame instead, which answers to the same messages.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super()
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.frame.addEventListener("load", () => this.start(new URL(address, location).href))
      document.body.append(this.frame)
    }

    start(address) {
      const inside = this.frame.contentWindow
      inside.postMessage = (data) => this.answer(data)
      const script = inside.document.createElement("script")
      script.src = address
      script.addEventListener("load", () => {
        this.waiting.forEach((data) => this.deliver(data))
        this.waiting = null
      })
      inside.document.head.append(script)
    }

    postMessage(data) {
      if (this.waiting) this.waiting.push(data)
      else this.deliver(data)
    }

    // As a Worker would: a copy arrives, and only when whoever sent it has finished.
    deliver(data) {
      const inside = this.frame.contentWindow
      const copy = structuredClone(data)
      setTimeout(() => inside.dispatchEvent(new inside.MessageEvent("message", { data: copy })))
    }

    answer(data) {
      const copy = structuredClone(data)
      setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data: copy })))
    }

    set onmessage(listener) {
      this.removeEventListener("message", this.listener)
      this.listener = listener
      if (listener) this.addEventListener("message", listener)
    }

    terminate() {
      this.frame.remove()
    }
  }
}
