/** Server times are UTC; people read their own clock. */
export class Times {
  #time: Intl.DateTimeFormat;
  #day: Intl.DateTimeFormat;
  #full: Intl.DateTimeFormat;
  #relative: Intl.RelativeTimeFormat;

  constructor(locale: string) {
    const safe = Intl.DateTimeFormat.supportedLocalesOf([locale]).length ? locale : "en";
    const twelve = new Intl.DateTimeFormat(safe, { hour: "numeric" }).resolvedOptions().hour12;
    this.#time = new Intl.DateTimeFormat(safe, { hour: twelve ? "numeric" : "2-digit", minute: "2-digit" }); // 02:16 as in the answers
    this.#day = new Intl.DateTimeFormat(safe, { weekday: "long", day: "numeric", month: "long" });
    this.#full = new Intl.DateTimeFormat(safe, { dateStyle: "medium", timeStyle: "short" });
    this.#relative = new Intl.RelativeTimeFormat(safe, { numeric: "auto" });
  }

  time(at: string): string {
    return this.#time.format(new Date(at));
  }

  full(at: string): string {
    return this.#full.format(new Date(at));
  }

  day(at: string): string {
    const days = Math.round((midnight(new Date()) - midnight(new Date(at))) / 86_400_000);
    const text = days >= 0 && days < 2 ? this.#relative.format(-days, "day") : this.#day.format(new Date(at));
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
  }
}

const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
export const sameDay = (a: string, b: string) => midnight(new Date(a)) === midnight(new Date(b));
