import { baseName, normalPath, programName } from './path-words.ts';

/**
 * Marks of continuous integration, tests and developers' tools in what a parent was told to run. All of them are
 * words that anybody can write, so they calm only what is harmless otherwise.
 */
export interface AutomationMark {
  readonly kind: 'ci' | 'developer-tool';
  readonly reason: string;
}

const isDigits = (text: string): boolean => text !== '' && /^[0-9]+$/.test(text);

/** Scripts that a build system wrote for one step. */
export function buildStep(script: string): string | null {
  const { segments, text } = normalPath(script);
  const file = (segments.at(-1) ?? '').toLowerCase();
  const folder = (segments.at(-2) ?? '').toLowerCase();
  const at = (name: string): boolean => segments.some((segment) => segment.toLowerCase() === name);
  if (folder === '_temp' && (at('work') || at('_work') || at('a')) && isScriptFile(file))
    return 'a step of GitHub Actions or Azure Pipelines';
  if (folder.startsWith('durable-') && (segments.at(-3) ?? '').endsWith('@tmp')) return 'a step of a Jenkins pipeline';
  if (folder === 'tmp' && file.startsWith('jenkins') && isDigits(file.slice(7).split('.', 1)[0] ?? ''))
    return 'a Jenkins build step';
  if (folder === 'temp' && file.startsWith('jenkins') && isDigits(file.slice(7).split('.', 1)[0] ?? ''))
    return 'a Jenkins build step';
  if (folder === 'agenttmp' && file.startsWith('custom_script')) return 'a TeamCity build step';
  if (text === '/argo/staging/script') return 'a step of an Argo workflow';
  if (text.startsWith('/tekton/scripts/')) return 'a step of a Tekton task';
  if (text.startsWith('/opt/atlassian/pipelines/agent/')) return 'a step of Bitbucket Pipelines';
  if (text.startsWith('/codebuild/output/')) return 'a step of AWS CodeBuild';
  if (folder.startsWith('scripts-') && (file === 'step_script' || file === 'build_script'))
    return 'a step of a GitLab job';
  if (file.includes('-scriptbuildtask-')) return 'a Bamboo build task';
  if (text.startsWith('/etc/buildkite-agent/hooks/') || text.startsWith('/var/lib/buildkite-agent/'))
    return 'a Buildkite step';
  return null;
}

function isScriptFile(file: string): boolean {
  return (
    file.endsWith('.sh') ||
    file.endsWith('.ps1') ||
    file.endsWith('.cmd') ||
    file.endsWith('.py') ||
    !file.includes('.')
  );
}

/** Go builds tests and `go run` programs here: `/tmp/go-build2188/b001/e2e.test`. */
export function isGoTest(executable: string): boolean {
  const { segments } = normalPath(executable);
  const build = segments.findIndex(
    (segment) => segment.startsWith('go-build') && isDigits(segment.slice('go-build'.length)),
  );
  const file = segments.at(-1) ?? '';
  return (
    build !== -1 &&
    (segments[build + 1] ?? '').startsWith('b') &&
    (file.endsWith('.test') || file.endsWith('.test.exe'))
  );
}

/** An AppImage mounts itself at `/tmp/.mount_NAMExxxxxx/` while it runs. */
export function isAppImage(executable: string): boolean {
  const { segments } = normalPath(executable);
  return segments[0] === 'tmp' && (segments[1] ?? '').startsWith('.mount_');
}

/** Test runners and build tools that are scripts: the file name, or the module of `python -m`. */
const TEST_RUNNERS: ReadonlySet<string> = new Set([
  'pytest',
  'py.test',
  'unittest',
  'nose2',
  'tox',
  'nox',
  'behave',
  'robot',
  'locust',
  'jest',
  'mocha',
  'vitest',
  'playwright',
  'cypress',
  'ava',
  'karma',
  'rspec',
  'minitest',
  'cucumber',
  'bats',
  'kuttl',
  'chainsaw',
  'ct',
  'molecule',
  'hatch',
  'poetry',
  'pdm',
  'invoke',
  'ginkgo',
  'gotestsum',
]);

const SCRIPTED_TOOLS: ReadonlySet<string> = new Set([
  'npm',
  'npx',
  'npm-cli.js',
  'npx-cli.js',
  'pnpm',
  'pnpm.cjs',
  'yarn',
  'yarn.js',
  'yarnpkg',
  'garden',
  'honcho',
  'foreman',
  'rake',
  'fastlane',
  'skaffold',
  'devspace',
  'bootstrap-fork',
  'tilt',
  'ansible',
  'ansible-playbook',
  'ansiballz_command.py',
  'gulp',
  'grunt',
  'turbo',
  'nx',
  'lerna',
  'concurrently',
  'pm2',
]);

const SCRIPTED_SERVICE_MANAGERS: ReadonlySet<string> = new Set(['supervisord', 'circusd', 'pm2']);

const SCRIPTED_WEB_SERVERS: ReadonlySet<string> = new Set([
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'daphne',
  'uwsgi',
  'flask',
  'waitress-serve',
  'puma',
  'unicorn',
  'rackup',
  'passenger',
]);

/** Name of a script as tools are known: without `.py`, `.js` and the like where that makes no other tool. */
export function scriptedKind(
  scriptOrModule: string,
): AutomationMark | { readonly kind: 'web-server' | 'service-manager'; readonly reason: string } | null {
  const name = programName(scriptOrModule);
  const bare = name.endsWith('.py') || name.endsWith('.js') ? name.slice(0, -3) : name;
  const has = (set: ReadonlySet<string>): boolean => set.has(name) || set.has(bare);
  if (has(TEST_RUNNERS)) return { kind: 'ci', reason: `the test runner ${bare}` };
  if (has(SCRIPTED_SERVICE_MANAGERS)) return { kind: 'service-manager', reason: `the service manager ${bare}` };
  if (has(SCRIPTED_WEB_SERVERS)) return { kind: 'web-server', reason: `the web application server ${bare}` };
  if (has(SCRIPTED_TOOLS)) return { kind: 'developer-tool', reason: `the build or developer tool ${bare}` };
  return null;
}

/** Accounts that build systems create for their jobs. */
const BUILD_ACCOUNTS: ReadonlySet<string> = new Set([
  'ci',
  'cicd',
  'runner',
  'runneradmin',
  'github-runner',
  'actions-runner',
  'gitlab-runner',
  'jenkins',
  'vsts',
  'vstsagent',
  'azdevops',
  'azp',
  'circleci',
  'buildkite',
  'buildkite-agent',
  'teamcity',
  'buildagent',
  'bamboo',
  'drone',
  'woodpecker',
  'travis',
  'gocd',
  'concourse',
  'codebuild-user',
  'cirrus',
  'semaphore',
  'tekton',
]);

/** `CORP\alice`, `alice@corp` → `alice`, when that is the account of a build system. */
export function buildAccount(user: string): string | null {
  const name = baseName(user).split('@', 1)[0]?.toLowerCase() ?? '';
  return BUILD_ACCOUNTS.has(name) ? name : null;
}

/** Environment variables that build systems set for every step. */
const BUILD_VARIABLES: readonly string[] = [
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'JENKINS_URL',
  'CIRCLECI',
  'BUILDKITE',
  'TF_BUILD',
  'TEAMCITY_VERSION',
  'TRAVIS',
  'DRONE',
  'BITBUCKET_BUILD_NUMBER',
  'CODEBUILD_BUILD_ID',
  'GO_PIPELINE_NAME',
  'CIRRUS_CI',
  'SEMAPHORE',
  'APPVEYOR',
  'CI',
];

/** Name of the first variable that says so, or `null`. */
export function buildVariable(env: Readonly<Record<string, string>>): string | null {
  for (const name of BUILD_VARIABLES) {
    if (Object.hasOwn(env, name) && env[name] !== '' && env[name] !== 'false' && env[name] !== '0') return name;
  }
  return null;
}
/** Words of a Java command line that tell what the virtual machine runs. */
const JAVA_MARKS: readonly (readonly [string, 'web-server' | 'ci' | 'developer-tool', string])[] = [
  ['-Dcatalina.', 'web-server', 'Tomcat'],
  ['org.apache.catalina.', 'web-server', 'Tomcat'],
  ['org.eclipse.jetty.', 'web-server', 'Jetty'],
  ['-Djetty.', 'web-server', 'Jetty'],
  ['-Dweblogic.', 'web-server', 'WebLogic'],
  ['weblogic.Server', 'web-server', 'WebLogic'],
  ['org.jboss.', 'web-server', 'JBoss'],
  ['-Djboss.', 'web-server', 'JBoss'],
  ['com.ibm.ws.', 'web-server', 'WebSphere'],
  ['-Dsolr.', 'web-server', 'Solr'],
  ['org.elasticsearch.', 'web-server', 'Elasticsearch'],
  ['org.springframework.boot.', 'web-server', 'Spring Boot'],
  ['com.sun.enterprise.glassfish', 'web-server', 'GlassFish'],
  ['hudson.remoting.', 'ci', 'a Jenkins agent'],
  ['jenkins.agents.', 'ci', 'a Jenkins agent'],
  ['-Djenkins.', 'ci', 'Jenkins'],
  ['jetbrains.buildServer.', 'ci', 'a TeamCity agent'],
  ['org.gradle.', 'developer-tool', 'Gradle'],
  ['org.codehaus.plexus.classworlds.', 'developer-tool', 'Maven'],
  ['-Didea.', 'developer-tool', 'a JetBrains IDE'],
  ['com.intellij.', 'developer-tool', 'a JetBrains IDE'],
  ['com.jetbrains.', 'developer-tool', 'a JetBrains IDE'],
  ['org.eclipse.equinox.', 'developer-tool', 'Eclipse'],
];

const JAVA_ARCHIVES: ReadonlyMap<string, readonly ['web-server' | 'ci', string]> = new Map([
  ['agent.jar', ['ci', 'a Jenkins agent']],
  ['remoting.jar', ['ci', 'a Jenkins agent']],
  ['slave.jar', ['ci', 'a Jenkins agent']],
  ['jenkins.war', ['ci', 'Jenkins']],
  ['start.jar', ['web-server', 'Jetty']],
  ['jboss-modules.jar', ['web-server', 'JBoss']],
]);

/** What a Java virtual machine runs, by the words of its command line. */
export function javaRuns(
  words: readonly string[],
): { readonly kind: 'web-server' | 'ci' | 'developer-tool'; readonly name: string; readonly word: string } | null {
  for (const [index, word] of words.entries()) {
    for (const [beginning, kind, name] of JAVA_MARKS) {
      if (word.startsWith(beginning)) return { kind, name, word };
    }
    if (words[index - 1] !== '-jar') continue;
    const archive = JAVA_ARCHIVES.get(programName(word));
    if (archive !== undefined) return { kind: archive[0], name: archive[1], word };
  }
  return null;
}
