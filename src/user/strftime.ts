// strftime.ts - dates as text, in UTC or at a fixed offset.

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A moment cut into the parts that formats ask for. */
class Moment {
  readonly d: Date;

  constructor(
    readonly seconds: number,
    readonly ns: number,
  ) {
    this.d = new Date(Math.floor(seconds) * 1000);
  }

  get year(): number {
    return this.d.getUTCFullYear();
  }

  get yearDay(): number {
    return Math.floor((this.d.getTime() - Date.UTC(this.year, 0, 1)) / 86400000) + 1;
  }

  /** Week of the year; weeks begin on `first` (0 Sunday, 1 Monday). */
  week(first: number): number {
    return Math.floor((this.yearDay + 6 - ((this.d.getUTCDay() - first + 7) % 7)) / 7);
  }

  /** ISO 8601 year and week. */
  iso(): [number, number] {
    const day = (this.d.getUTCDay() + 6) % 7;
    const thursday = new Date(this.d.getTime() + (3 - day) * 86400000);
    const year = thursday.getUTCFullYear();
    return [year, Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 86400000 / 7) + 1];
  }
}

const two = (n: number, fill = "0"): string => String(n).padStart(2, fill);

function field(c: string, m: Moment): string | null {
  const d = m.d;
  const h12 = d.getUTCHours() % 12 || 12;
  switch (c) {
    case "a":
      return DAYS[d.getUTCDay()]!.slice(0, 3);
    case "A":
      return DAYS[d.getUTCDay()]!;
    case "b":
    case "h":
      return MONTHS[d.getUTCMonth()]!.slice(0, 3);
    case "B":
      return MONTHS[d.getUTCMonth()]!;
    case "c":
      return expand("%a %b %e %H:%M:%S %Y", m);
    case "C":
      return two(Math.floor(m.year / 100));
    case "d":
      return two(d.getUTCDate());
    case "D":
    case "x":
      return expand("%m/%d/%y", m);
    case "e":
      return two(d.getUTCDate(), " ");
    case "F":
      return expand("%Y-%m-%d", m);
    case "g":
      return two(m.iso()[0] % 100);
    case "G":
      return String(m.iso()[0]);
    case "H":
      return two(d.getUTCHours());
    case "I":
      return two(h12);
    case "j":
      return String(m.yearDay).padStart(3, "0");
    case "k":
      return two(d.getUTCHours(), " ");
    case "l":
      return two(h12, " ");
    case "m":
      return two(d.getUTCMonth() + 1);
    case "M":
      return two(d.getUTCMinutes());
    case "n":
      return "\n";
    case "N":
      return String(m.ns).padStart(9, "0");
    case "p":
      return d.getUTCHours() < 12 ? "AM" : "PM";
    case "P":
      return d.getUTCHours() < 12 ? "am" : "pm";
    case "q":
      return String(Math.floor(d.getUTCMonth() / 3) + 1);
    case "r":
      return expand("%I:%M:%S %p", m);
    case "R":
      return expand("%H:%M", m);
    case "s":
      return String(Math.floor(m.seconds));
    case "S":
      return two(d.getUTCSeconds());
    case "t":
      return "\t";
    case "T":
    case "X":
      return expand("%H:%M:%S", m);
    case "u":
      return String(d.getUTCDay() || 7);
    case "U":
      return two(m.week(0));
    case "V":
      return two(m.iso()[1]);
    case "w":
      return String(d.getUTCDay());
    case "W":
      return two(m.week(1));
    case "y":
      return two(m.year % 100);
    case "Y":
      return String(m.year);
    case "z":
      return "+0000";
    case ":z":
      return "+00:00";
    case "Z":
      return "UTC";
    case "%":
      return "%";
    default:
      return null;
  }
}

function expand(format: string, m: Moment): string {
  return format.replace(/%([-_0^#]?)(\d*)(:?[a-zA-Z%])/g, (whole, flag: string, width: string, c: string) => {
    let text = field(c, m);
    if (text === null) return whole;
    if (c === "N" && width !== "") text = text.slice(0, Number(width));
    else if (width !== "") text = text.padStart(Number(width), /^\d/.test(text) && flag !== "_" ? "0" : " ");
    if (flag === "-") return text.replace(/^[0 ]+(?=.)/, "");
    if (flag === "_") return text.replace(/^0+(?=.)/, (z) => " ".repeat(z.length));
    return flag === "^" ? text.toUpperCase() : text;
  });
}

/** strftime: seconds of the epoch, and the nanoseconds of %N. */
export function formatDate(format: string, seconds: number, ns: number): string {
  return expand(format, new Moment(seconds, ns));
}
