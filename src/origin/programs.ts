import { remembering } from '../base/remembering.ts';
import { programName } from './path-words.ts';

/** What a program is known for, by its name. */
const PROGRAM_KINDS = [
  'shell',
  'interpreter',
  'web-server',
  'scheduler',
  'ci',
  'developer-tool',
  'service-manager',
  'container-runtime',
  'remote-login',
  'wrapper',
] as const;
export type ProgramKind = (typeof PROGRAM_KINDS)[number];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Programs by name, lower case, without `.exe`. A name alone proves nothing: whoever reads this table for a kind
 * that calms must also look at where the program lies.
 */
const BY_KIND: Readonly<Record<ProgramKind, readonly string[]>> = {
  shell: words(`
    sh bash rbash dash ash hush zsh ksh ksh93 mksh oksh loksh pdksh lksh rksh csh tcsh fish yash nu elvish xonsh oil osh ion
    murex rc es posh pwsh pwsh-preview powershell powershell_ise cmd explorer sash toybox
    login windowsterminal openconsole conhost wt terminal iterm2 alacritty kitty wezterm wezterm-gui
    gnome-terminal-server konsole xterm foot ghostty warp tilix terminator xfce4-terminal tabby hyper`),
  interpreter: words(`
    perl ruby jruby rubyw node nodejs deno bun php lua luajit tclsh wish expect osascript applescript jxa
    wscript cscript mshta hh rscript guile racket groovy gawk awk mawk escript elixir erl julia
    regsvr32 rundll32 msbuild installutil regasm regsvcs
    winword excel powerpnt outlook onenote msaccess mspub soffice soffice.bin acrord32 acrobat`),
  'web-server': words(`
    nginx openresty apache apache2 httpd lighttpd caddy php-cgi w3wp iisexpress uwsgi gunicorn uvicorn hypercorn
    daphne puma unicorn passenger passengeragent litespeed lshttpd lsphp tomcat jetty haproxy traefik envoy varnishd cherokee thttpd
    mini_httpd boa h2o postgres mysqld mariadbd mongod redis-server sqlservr oracle clickhouse-server
    memcached smbd vsftpd proftpd exim4 sendmail`),
  scheduler: words(`cron crond anacron atd at fcron cronie dcron bcron supercronic taskeng schtasks`),
  ci: words(`
    runner.worker runner.listener agent.worker agent.listener gitlab-runner gitlab-runner-helper circleci circleci-agent circleci-runner
    buildkite-agent teamcity-agent drone-agent drone-runner-docker drone-runner-exec drone-runner-kube woodpecker-agent
    argoexec concourse bamboo-agent go-agent cirrus act act_runner forgejo-runner harness-delegate codebuild-agent
    ginkgo gotestsum bats`),
  'developer-tool': words(`
    code code-insiders codium vscodium code-oss code-server cursor windsurf zed zed-editor theia
    idea idea64 goland goland64 pycharm pycharm64 webstorm webstorm64 phpstorm phpstorm64 rider rider64 clion clion64
    rubymine rubymine64 rustrover datagrip datagrip64 dataspell fleet studio eclipse
    lens lens-desktop openlens open-lens freelens k9s headlamp octant aptakube monokle kubenav infra kubeterm seabird k8studio
    skaffold tilt telepresence garden devspace okteto draft werf kubefwd kftray kftray-desktop mirrord gefyra ksync nocalhost
    minikube kind k3d ctlptl colima docker-desktop com.docker.backend com.docker.build rancher-desktop podman-desktop orbstack
    make gmake just task mage bazel ninja gradle mvn rake npm npx pnpm yarn turbo nx go cargo
    terraform tofu terragrunt pulumi helmfile
    foreman overmind hivemind goreman honcho process-compose mprocs`),
  'service-manager': words(`
    systemd init openrc-run supervise-daemon start-stop-daemon upstart launchd services smss
    runsv runsvdir runit s6-supervise s6-svscan supervise svscan supervisord monit god circusd
    tini tini-static dumb-init docker-init catatonit nssm winsw`),
  'container-runtime': words(`
    containerd containerd-shim containerd-shim-runc-v1 containerd-shim-runc-v2 runc crun youki runsc kata-runtime conmon conmonrs
    kubelet crio cri-o dockerd dockerd-rootless pause lxc-start`),
  'remote-login': words(`
    sshd sshd-session sshd-auth dropbear in.telnetd telnetd utelnetd in.rshd in.rlogind rlogind rshd mosh-server
    teleport tailscaled wsmprovhost winrshost wmiprvse psexesvc rdpclip xrdp-sesman ttyd gotty wetty ssm-session-worker
    amazon-ssm-agent`),
  wrapper: words(`
    sudo sudo-rs su doas runuser pkexec gosu su-exec setpriv chpst timeout xargs watch viddy screen tmux tmux:server tmux:client
    zellij nohup env printenv setsid nice ionice chrt taskset stdbuf unbuffer script unshare nsenter chroot strace ltrace time entr
    parallel flock systemd-run busybox caffeinate arch linux32 linux64 start wsl wslhost wslrelay ssh autossh
    kubectl kubecolor oc k3s k0s microk8s snap snap-confine hyperkube tsh gcloud kubie kubeswitch
    direnv mise asdf aws-vault aws-okta saml2aws doppler op chamber teller dotenv dotenvx sops vals watchexec nodemon reflex`),
};

const KIND_OF: ReadonlyMap<string, ProgramKind> = new Map(
  PROGRAM_KINDS.flatMap((kind) => BY_KIND[kind].map((name) => [name, kind] as const)),
);

/** Names that come with a version or a worker's suffix: `python3.11`, `php-fpm8.2`, `tomcat9`, `ruby3.1`. */
const VERSIONED: readonly (readonly [string, ProgramKind])[] = [
  ['python', 'interpreter'],
  ['pythonw', 'interpreter'],
  ['pypy', 'interpreter'],
  ['ruby', 'interpreter'],
  ['perl', 'interpreter'],
  ['php', 'interpreter'],
  ['lua', 'interpreter'],
  ['node', 'interpreter'],
  ['tclsh', 'interpreter'],
  ['php-fpm', 'web-server'],
  ['php-cgi', 'web-server'],
  ['tomcat', 'web-server'],
];

/** Names of which only the beginning is fixed. */
const BEGINNINGS: readonly (readonly [string, ProgramKind])[] = [
  // `Code Helper (Plugin)`, `Cursor Helper (Plugin)`, `Lens Helper`: Electron's processes on macOS.
  ['code helper', 'developer-tool'],
  ['code - insiders', 'developer-tool'],
  ['cursor helper', 'developer-tool'],
  ['windsurf helper', 'developer-tool'],
  ['lens helper', 'developer-tool'],
  ['openlens helper', 'developer-tool'],
  ['freelens helper', 'developer-tool'],
  ['headlamp helper', 'developer-tool'],
  ['docker desktop', 'developer-tool'],
  ['rancher desktop', 'developer-tool'],
  ['intellij idea', 'developer-tool'],
  ['containerd-shim-', 'container-runtime'],
  ['kubectl-', 'wrapper'],
  ['kubectl.', 'wrapper'],
  // tmux names its processes `tmux: server`, `tmux: client`.
  ['tmux: ', 'wrapper'],
];

const LONGEST_NAME = 128;

/** What a program of this name (or at this path) is known for, or `null`. */
export const programKind: (nameOrPath: string) => ProgramKind | null = remembering(findKind);

function findKind(nameOrPath: string): ProgramKind | null {
  const name = programName(nameOrPath).slice(0, LONGEST_NAME);
  const exact = KIND_OF.get(name);
  if (exact !== undefined) return exact;
  for (const [stem, kind] of VERSIONED) {
    if (name.startsWith(stem) && isVersion(name.slice(stem.length))) return kind;
  }
  for (const [beginning, kind] of BEGINNINGS) {
    if (name.startsWith(beginning)) return kind;
  }
  return null;
}

/** What an applet of a multi-call program (`busybox`, `toybox`) is, by its own name. */
export function appletKind(name: string): ProgramKind {
  return programKind(name) ?? 'shell';
}

function isVersion(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const allowed = (unit >= 48 && unit <= 57) || unit === 46 || unit === 45 || (unit === 109 && i === text.length - 1);
    if (!allowed) return false;
  }
  return true;
}

/** File name endings of scripts; the kernel names a process that starts by `#!` after the script. */
const SCRIPT_ENDINGS: readonly string[] = [
  '.sh',
  '.bash',
  '.zsh',
  '.ksh',
  '.csh',
  '.fish',
  '.py',
  '.pl',
  '.rb',
  '.php',
  '.lua',
  '.js',
  '.mjs',
  '.cjs',
  '.ps1',
  '.psm1',
  '.bat',
  '.cmd',
  '.vbs',
  '.vbe',
  '.jse',
  '.wsf',
  '.hta',
  '.scpt',
  '.applescript',
  '.tcl',
  '.exp',
];

/** The ending that makes `name` a script, or `null`. */
export function scriptEnding(name: string): string | null {
  if (!name.includes('.')) return null;
  const lower = name.slice(-16).toLowerCase();
  return SCRIPT_ENDINGS.find((ending) => lower.endsWith(ending) && name.length > ending.length) ?? null;
}
