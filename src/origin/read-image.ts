import type { ProcessImage } from '../event/process-start.ts';
import { isAppImage, isGoTest, buildStep, javaRuns, scriptedKind } from './automation.ts';
import { isTrustworthy, locate } from './locations.ts';
import type { Location } from './locations.ts';
import type { OriginKind } from './origin.ts';
import { baseName, boundedWords, normalPath, programName, roughWords } from './path-words.ts';
import { appletKind, programKind, scriptEnding } from './programs.ts';
import { running } from './running-script.ts';
import type { Running } from './running-script.ts';

/** One thing that is known of a process that stands above the command. */
export interface Finding {
  readonly kind: OriginKind;
  /** In words, naming field and value. */
  readonly reason: string;
}

/** What one process above the command is. */
export interface ImageReading {
  readonly findings: readonly Finding[];
  /** Script it runs, or `null`. */
  readonly script: string | null;
  /** Somebody types here, as far as the arguments tell. */
  readonly interactive: boolean;
  /** A login shell or one asked to be interactive: stronger than `interactive`, which also holds for a bare `bash`. */
  readonly login: boolean;
}

/** Where the process stands: how its fields are called in reasons, and what relative paths are relative to. */
export interface ImageContext {
  /** `process.parent`, `process.parent.parent`, … */
  readonly field: string;
  readonly workingDirectory?: string | undefined;
}

const LONGEST_VALUE = 160;

/**
 * What `image` is: every kind that applies, in no order. `null` where the event says nothing of it.
 *
 * Attackers choose names, paths they can write to and every argument. Names and arguments may therefore make a
 * process suspicious, but what calms (`developer-tool`, `service-manager`, …) rests on an image in a place where
 * programs are installed; where it rests on words alone, the kinds it would hide stay in the findings beside it.
 */
export function readImage(image: ProcessImage, context: ImageContext): ImageReading | null {
  const words =
    image.args !== undefined
      ? boundedWords(image.args)
      : image.commandLine !== undefined
        ? roughWords(image.commandLine)
        : [];
  const executable = known(image.executable);
  const given = known(image.name) ?? (executable === null ? known(words[0]) : executable);
  if (given === null) return null;
  return new ImageReader(baseName(given), executable, words, context).read();
}

class ImageReader {
  readonly #name: string;
  readonly #executable: string | null;
  readonly #words: readonly string[];
  readonly #context: ImageContext;
  readonly #findings: Finding[] = [];
  readonly #location: Location | null;
  #running: Running | null = null;

  constructor(name: string, executable: string | null, words: readonly string[], context: ImageContext) {
    this.#name = name;
    this.#executable = executable;
    this.#words = words;
    this.#context = context;
    // Without a path, the first word tells one where it is absolute: nobody writes /tmp there to look better.
    const path = executable ?? words[0] ?? '';
    const absolute = executable !== null || normalPath(path).absolute;
    this.#location = absolute ? locate(path, context.workingDirectory) : null;
  }

  read(): ImageReading {
    if (!this.#knownTool()) {
      this.#place();
      this.#program();
    }
    if (this.#findings.length === 0) {
      if (this.#location?.place === 'home')
        this.#add('home-dir', `${this.#executableField()} ${this.#location.reason}`);
      else this.#add('other', `${this.#field('name')} is ${quote(this.#name)}, which is not known here`);
    }
    const [first = ''] = this.#words;
    return {
      findings: this.#findings,
      script: this.#running?.script ?? null,
      interactive: this.#running?.interactive ?? false,
      login: baseName(first).startsWith('-') || (this.#words.length > 1 && (this.#running?.interactive ?? false)),
    };
  }

  /** A developer's tool, a runner or a service manager, in a place where such programs are installed. */
  #knownTool(): boolean {
    const executable = this.#executable;
    // With a path the path decides: a process may call itself what it likes.
    const kind = programKind(executable ?? this.#name);
    const { place } = this.#location ?? { place: null };
    const installed = executable === null ? !this.#name.startsWith('.') : isTrustworthy(executable);
    const is = `${executable === null ? this.#field('name') : this.#field('executable')} is ${quote(executable ?? this.#name)}`;
    if (programName(executable ?? this.#name) === 'minikube') {
      // `minikube kubectl -- …` only passes a user's words on; `minikube dashboard` starts a proxy of its own.
      const own = this.#words.find((word) => word === 'dashboard' || word === 'service' || word === 'tunnel');
      if (own === undefined || !installed) return false;
      return this.#add('developer-tool', `${is}, running its own ${quote(own)}`);
    }
    if (installed && (kind === 'ci' || kind === 'developer-tool')) {
      const what = kind === 'ci' ? 'a build agent' : "a developer's tool";
      return this.#add(kind, `${is}, ${what}${executable === null ? ' (path not in this event)' : ''}`);
    }
    if (installed && place !== 'home' && (kind === 'service-manager' || kind === 'container-runtime')) {
      const what = kind === 'service-manager' ? 'a service manager' : 'a container runtime';
      return this.#add(kind, `${is}, ${what}${executable === null ? ' (path not in this event)' : ''}`);
    }
    if (executable === null) return false;
    // Tekton puts its own entry point over every step's.
    if (normalPath(executable).text.startsWith('/tekton/bin/'))
      return this.#add('ci', `${is}, the entry point of a Tekton step`);
    const tool = installed ? toolByPath(executable) : null;
    if (tool !== null) return this.#add('developer-tool', `${is}, part of ${tool}`);
    // These two lie in /tmp by design, where anybody can put the same: the temporary directory stays a finding.
    if (isAppImage(executable) && kind === 'developer-tool')
      this.#add('developer-tool', `${is}, a developer's tool in an AppImage`);
    if (isGoTest(executable)) this.#add('ci', `${is}, a test binary built by go test`);
    return false;
  }

  #place(): void {
    const location = this.#location;
    if (location?.place === 'temp' || location?.place === 'shared-memory') {
      this.#add('temp-dir', `${this.#executableField()} ${location.reason}`);
    }
    if (location?.place === 'hidden') this.#add('hidden', `${this.#executableField()} ${location.reason}`);
    else if (this.#name.startsWith('.') && this.#name.length > 1)
      this.#add('hidden', `${this.#field('name')} is ${quote(this.#name)}, a hidden (dot) name`);
  }

  #program(): void {
    const ending =
      scriptEnding(this.#name) ?? (this.#executable === null ? null : scriptEnding(baseName(this.#executable)));
    if (ending !== null) this.#namedLikeScript();
    const kind = this.#kind();
    const is = `${this.#field('name')} is ${quote(this.#name)}`;
    switch (kind) {
      case 'shell':
        this.#running = running(this.#words);
        this.#add('shell', `${is}, a shell`);
        this.#script();
        return;
      case 'interpreter':
        this.#running = running(this.#words);
        this.#add('interpreter', `${is}, a program that runs code given to it`);
        this.#script();
        this.#scriptedTool();
        return;
      case 'web-server':
        this.#add('web-server', `${is}, a server that answers requests from the network`);
        return;
      case 'scheduler':
        this.#add('scheduler', `${is}, a scheduler`);
        return;
      case 'remote-login':
        this.#add('remote-login', `${is}, a remote login service`);
        return;
      case 'wrapper':
        this.#add('wrapper', `${is}, a program that starts another`);
        return;
      default:
        this.#otherProgram();
    }
  }

  /** The kind by name or path; kinds that calm were decided before, and count for nothing here. */
  #kind(): ReturnType<typeof programKind> {
    const name = programName(this.#name);
    const byPath = this.#executable === null ? null : programName(this.#executable);
    if (name === 'busybox' || name === 'toybox' || byPath === 'busybox' || byPath === 'toybox') {
      const [first = '', second = ''] = this.#words.map(programName);
      const applet = first === 'busybox' || first === 'toybox' ? second : first;
      return applet === '' ? 'shell' : appletKind(applet);
    }
    if (name === 'minikube' || byPath === 'minikube') return 'wrapper';
    const kinds = [programKind(name), byPath === null ? null : programKind(byPath)];
    // Of two names the one that raises suspicion counts: sh whose image is python, python that calls itself sh.
    for (const kind of ['interpreter', 'web-server', 'scheduler', 'remote-login', 'shell', 'wrapper'] as const) {
      if (kinds.includes(kind)) return kind;
    }
    return null;
  }

  #otherProgram(): void {
    const name = programName(this.#executable ?? this.#name);
    if (name === 'java' || name === 'javaw') {
      const runs = javaRuns(this.#words);
      if (runs !== null) this.#add(runs.kind, `${this.#field('args')} holds ${quote(runs.word)}: ${runs.name}`);
    }
    if (name === 'svchost') {
      const schedule = this.#words.find((word) => word.toLowerCase() === 'schedule');
      if (schedule !== undefined)
        this.#add('scheduler', `${this.#field('args')} holds ${quote(schedule)}: the task scheduler service`);
    }
  }

  /** The kernel gives a process that starts by `#!` the name of its script. */
  #namedLikeScript(): void {
    const path = this.#executable ?? this.#words[0] ?? this.#name;
    const step = buildStep(path);
    if (step !== null) this.#add('ci', `${this.#executableField()} is ${step}`);
    this.#add('script', `${this.#field('name')} is ${quote(this.#name)}, a script`);
  }

  #script(): void {
    const script = this.#running?.script ?? null;
    if (script === null) return;
    const step = buildStep(script);
    if (step !== null) this.#add('ci', `${this.#field('args')} runs ${quote(script)}, ${step}`);
    const location = locate(script, this.#context.workingDirectory);
    if (location?.place === 'temp' || location?.place === 'shared-memory') {
      this.#add('script', `${this.#field('args')} runs the script ${quote(script)}, which ${location.reason}`);
    } else if (location?.place === 'hidden' || (baseName(script).startsWith('.') && baseName(script).length > 2)) {
      this.#add(
        'script',
        `${this.#field('args')} runs the script ${quote(script)}, which ${location?.reason ?? 'has a hidden (dot) name'}`,
      );
    }
  }

  /** `python3 -m pytest`, `node …/npm-cli.js run dev`, `python3 /usr/bin/supervisord`. */
  #scriptedTool(): void {
    const { script, module } = this.#running ?? { script: null, module: null };
    const what = module ?? script;
    if (what === null) return;
    const tool = scriptedKind(what);
    if (tool === null) return;
    const field = this.#field('args');
    if (tool.kind === 'web-server') this.#add('web-server', `${field} runs ${quote(what)}, ${tool.reason}`);
    // A script that anybody could have put there is not the tool it is named after.
    else if (module !== null || (script !== null && isTrustworthyScript(script, tool.kind === 'service-manager'))) {
      this.#add(tool.kind, `${field} runs ${quote(what)}, ${tool.reason}`);
    }
  }

  #add(kind: OriginKind, reason: string): true {
    this.#findings.push({ kind, reason });
    return true;
  }

  #field(name: 'name' | 'executable' | 'args'): string {
    return `${this.#context.field}.${name}`;
  }

  #executableField(): string {
    return this.#executable === null
      ? `${this.#field('args')} ${quote(this.#words[0] ?? '')}`
      : `${this.#field('executable')} ${quote(this.#executable)}`;
  }
}

function isTrustworthyScript(script: string, system: boolean): boolean {
  if (!isTrustworthy(script)) return !system && !normalPath(script).absolute && !baseName(script).startsWith('.');
  return !system || locate(script)?.place !== 'home';
}

/** Directories that only one tool makes, and what it is; compared with the normal path in lower case. */
const TOOL_PATHS: readonly (readonly [string, string])[] = [
  ['/.vscode-server/', 'the VS Code remote server'],
  ['/.vscode-server-insiders/', 'the VS Code remote server'],
  ['/.cursor-server/', 'the Cursor remote server'],
  ['/.windsurf-server/', 'the Windsurf remote server'],
  ['/visual studio code.app/', 'VS Code'],
  ['/cursor.app/', 'Cursor'],
  ['/jbr/', 'a JetBrains IDE'],
  ['/jetbrains/', 'a JetBrains IDE'],
  ['/intellij idea', 'a JetBrains IDE'],
  ['/.garden/', 'Garden'],
  ['/lens.app/', 'Lens'],
  ['/opt/lens/', 'Lens'],
  ['/openlens.app/', 'OpenLens'],
  ['/opt/headlamp/', 'Headlamp'],
  ['/headlamp.app/', 'Headlamp'],
  ['/docker.app/', 'Docker Desktop'],
  ['/rancher desktop.app/', 'Rancher Desktop'],
];

/** The tool whose own directory `path` lies in, or `null`. */
export function toolByPath(path: string): string | null {
  const text = normalPath(path).text.toLowerCase();
  return TOOL_PATHS.find(([directory]) => text.includes(directory))?.[1] ?? null;
}

/** Directories in which a tool keeps a kubectl of its own. */
const PRIVATE_KUBECTLS: readonly (readonly [string, string])[] = [
  ['/.garden/tools/', 'Garden'],
  ['/.config/lens/', 'Lens'],
  ['/.config/openlens/', 'OpenLens'],
  ['/.config/freelens/', 'Freelens'],
  ['/application support/lens/', 'Lens'],
  ['/application support/openlens/', 'OpenLens'],
  ['/application support/freelens/', 'Freelens'],
  ['/appdata/roaming/lens/', 'Lens'],
  ['/appdata/roaming/freelens/', 'Freelens'],
  ['/opt/lens/', 'Lens'],
  ['/lens.app/', 'Lens'],
];

/** The tool that brought this kubectl along for itself, or `null`. */
export function privateKubectlOf(executable: string): string | null {
  if (!executable.startsWith('/') && executable.charAt(1) !== ':') return null;
  const normal = normalPath(executable);
  const place = locate(executable)?.place;
  if (place === 'temp' || place === 'shared-memory') return null;
  const text = normal.text.toLowerCase();
  return PRIVATE_KUBECTLS.find(([directory]) => text.includes(directory))?.[1] ?? null;
}

/** Sources write `-`, `?` or nothing for what they do not know. */
function known(value: string | undefined): string | null {
  const text = value?.trim() ?? '';
  return text === '' || text === '-' || text === '?' || text === '<NA>' ? null : (value ?? null);
}

function quote(value: string): string {
  return JSON.stringify(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value);
}
