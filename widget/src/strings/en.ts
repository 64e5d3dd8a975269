// Every English word of the widget. A new language is a file like this one and a line in launcher.ts.

/** What the launcher says before the panel is loaded. */
export const launcher = {
  open: "Chat with the clinic",
  close: "Close chat",
  unread: (n: number) => (n === 1 ? "1 new message" : `${n} new messages`),
  loading: "Opening the chat",
  failed: "The chat could not be loaded.",
  failedNext: "Check your connection and try again, or phone the clinic.",
  retry: "Try again",
  call: "Call the clinic",
  emergency: "In an emergency call",
};

export const panel = {
  // who
  you: "You",
  assistant: "Assistant",
  automated: "Automated assistant",
  clinician: "Clinic team",
  clinicianRole: "Clinician",
  clinic: "the clinic",

  // header
  dialog: (clinic: string) => `Chat with ${clinic}`,
  close: "Close chat",
  menu: "More options",
  save: "Save a copy of this chat",
  print: "Print this chat",
  sound: "Sound for new messages",
  askDeletion: "Have this chat deleted",
  end: "End chat and clear this device",
  endAsk: "End this chat?",
  endMeans: "It is removed from this device, and later answers will not reach you here. The clinic keeps its record.",
  endUnsent: "Messages that are not sent yet will be lost.",
  endYes: "End and clear",
  endNo: "Keep the chat",
  help: "Other ways to get help",
  person: "Talk to a person",
  /** Sent to the bot, which must understand it: translate only together with the bot. */
  personText: "I would like to talk to a person",
  call: "Call",
  callClinic: "Call the clinic",
  emergency: "Emergency",
  callNumber: (number: string) => `Call ${number}`,
  open: "The clinic is open now.",
  shut: "The clinic is closed now.",

  // conversation
  log: "Conversation",
  noticeTitle: "Before you write",
  /** Until the clinic's own notice is known. */
  notice: (emergency: string) => `This is an automated assistant. It is not watched live and not for emergencies: call ${emergency}.`,
  starters: ["When can I wash my hair?", "Is redness normal?", "When can I use minoxidil again?"],
  startersLabel: "Questions people often ask",
  answers: "Suggested answers",
  chosen: "chosen",
  photo: "Photo",
  document: "Document",
  keepFile: "Save",
  fileFrom: (what: string, who: string) => `${what} from ${who}. Save a copy`,
  fileFailed: "Could not be fetched. Press to try again.",
  typing: (name: string) => `${name} is typing`,
  older: "Show earlier messages",
  notWhole: "Earlier messages could not be fetched",
  newBelow: (n: number) => (n === 1 ? "1 new message" : `${n} new messages`),
  nowClinician: (who: string) => `You are now talking to ${who}.`,
  nowAssistant: (name: string) => `${name}, the automated assistant, is answering again.`,
  caseOpen: "The clinic's team has been asked to look at this chat.",
  caseClosed: "The clinic has closed this question. You can write again at any time.",
  transcript: "Chat transcript",

  // the plan for today; activities and warnings are the server's own words
  today: (day: number) => `Today: day ${day}`,
  fineNow: "Fine now",
  waitWith: "Please wait",
  tellSession: "When was your session? See today's plan",
  /** The beginning of what the patient tells the bot, which must understand it: translate only together with the bot. */
  sessionText: "My session ended ",

  // delivery
  sending: "Sending…",
  uploading: (percent: number) => `Uploading, ${percent} %`,
  sent: "Sent",
  seenBy: (who: string) => `Seen by ${who}`,
  queued: "Waiting to be sent",
  failed: "Not sent",
  retry: "Try again",
  retryNow: "Send now",
  edit: "Edit",
  discard: "Remove",
  cancel: "Cancel",
  notSentAnnounce: "Message not sent. It is kept, with a button to try again.",

  // composer
  write: "Write a message",
  placeholder: "Write a message…",
  send: "Send",
  attach: "Add a photo",
  photoLimits: "JPEG, PNG, WebP or HEIC, up to 10 MB.",
  photoTip: "Good light, about a hand's width away. Only the clinic's team sees it.",
  choose: "Choose a photo",
  caption: "Add a few words (optional)…",
  removePhoto: "Remove photo",
  tooLong: "Too long: please shorten to 4,000 characters, or send it in two messages.",
  left: (n: number) => (n === 1 ? "1 character left" : `${n} characters left`),
  over: (n: number) => (n === 1 ? "1 character too many" : `${n} characters too many`),
  photoTooBig: (mb: string) => `This photo is ${mb} MB; the limit is 10 MB. Choose a smaller one or take a new photo.`,
  photoWrongType: "Only photos can be sent: JPEG, PNG, WebP or HEIC.",
  photoEmpty: "This file is empty. Choose another photo.",

  // trouble
  reconnecting: "Connection lost. Reconnecting… What you write is kept and sent when it is back.",
  offline: "You are offline. What you write is kept and sent when you are back.",
  down: "The chat cannot be reached right now. What you write is kept and sent when it is back. You can also phone the clinic.",
  retryConnect: "Try now",
  expired: "This chat has ended on this device. What you have not sent is kept. Start a new chat to send it.",
  startNew: "Start a new chat",
  errRate: (seconds: number) => `Too many messages at once. It is sent by itself in ${seconds} s.`,
  errServer: "The clinic's server had a problem. Your message is kept.",
  errTimeout: "The clinic's server did not answer in time. Your message is kept.",
  errTooBig: "The clinic's server says this is too big. Send a smaller photo or a shorter message.",
  errRefused: "The clinic's server did not accept this message. Change it and send it again.",
};

export type PanelStrings = typeof panel;
export type LauncherStrings = typeof launcher;
