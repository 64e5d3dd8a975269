import { Component, createRef, h } from "preact";
import type { Chat } from "../chat/chat";
import { draw } from "../chat/photo";
import type { ServerFile } from "../shared/contract";
import { File } from "./icons";
import { download } from "./save";

interface StaffFileProps {
  chat: Chat;
  file: ServerFile;
  /** Who sent it. */
  from: string;
}

/**
 * A clinician's file: fetched with the patient's key once it is in sight; a picture is shown, each can be kept. The
 * picture's place is as large before it is there, so that nothing moves when it comes.
 */
export class StaffFile extends Component<StaffFileProps, { failed: boolean }> {
  state = { failed: false };
  #content?: Blob;
  #box = createRef<HTMLButtonElement>();
  #canvas = createRef<HTMLCanvasElement>();
  #sight = new IntersectionObserver(([now]) => {
    if (!now!.isIntersecting) return;
    this.#sight.disconnect();
    if (this.#isPicture) void this.#fetch();
  });

  get #isPicture(): boolean {
    return this.props.file.type.startsWith("image/");
  }

  componentDidMount() {
    this.#sight.observe(this.#box.current!);
  }

  componentWillUnmount() {
    this.#sight.disconnect();
  }

  async #fetch(): Promise<Blob | undefined> {
    const { chat, file } = this.props;
    try {
      this.#content ??= await chat.file(file.id);
      if (this.#isPicture) await draw(this.#content, this.#canvas.current!, true);
      this.setState({ failed: false });
    } catch {
      this.setState({ failed: true });
    }
    return this.#content;
  }

  #keep = async () => {
    const content = await this.#fetch();
    if (content) download(content, this.props.file.name);
  };

  render() {
    const { chat, file, from } = this.props;
    const { words } = chat;
    const { failed } = this.state;
    const what = this.#isPicture ? words.photo : words.document;
    return (
      <button type="button" ref={this.#box} class="file sent" aria-label={words.fileFrom(what, from)} onClick={this.#keep}>
        {this.#isPicture ? <canvas ref={this.#canvas} /> : <span class="thumb"><File /></span>}
        <span class="file-name">
          <b>{what}</b>
          <span>{failed ? words.fileFailed : `${words.keepFile} (${(file.size / 1e6).toFixed(1)} MB)`}</span>
        </span>
      </button>
    );
  }
}
