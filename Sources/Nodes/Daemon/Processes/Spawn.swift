import CLinux
import Glibc

/// Starts a command by `posix_spawn`, in a process group of its own; called by the attendant thread only.
func spawn(_ command: ChildCommand) -> Result<AttendedChild, LaunchError> {
  do throws(LaunchError) {
    let log = open(command.logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw LaunchError(name: command.name, call: "open", subject: command.logPath, code: errno) }
    defer { close(log) }
    var pipe: [Int32] = [-1, -1]
    if command.readsLines, clinux_pipe(&pipe) != 0 {
      throw LaunchError(name: command.name, call: "pipe", subject: command.executable, code: errno)
    }
    defer { if pipe[1] >= 0 { close(pipe[1]) } }
    var isAdopted = false
    defer { if !isAdopted, pipe[0] >= 0 { close(pipe[0]) } }
    // Only our end may not block; the child's end is a description of its own.
    if pipe[0] >= 0 { _ = fcntl(pipe[0], F_SETFL, O_NONBLOCK) }

    let pid = try spawn(command, output: pipe[1] >= 0 ? pipe[1] : log, log: log)
    let processDescriptor = clinux_pidfd_open(pid)
    guard processDescriptor >= 0 else {
      let code = errno
      kill(-pid, SIGKILL)
      var word: Int32 = 0
      while waitpid(pid, &word, 0) < 0, errno == EINTR {}
      throw LaunchError(name: command.name, call: "pidfd_open", subject: command.executable, code: code)
    }
    let (lines, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(1000))
    if pipe[0] < 0 { continuation.finish() }
    isAdopted = true
    return .success(
      AttendedChild(
        child: ChildProcess(command: command, pid: pid, lines: lines), processDescriptor: processDescriptor,
        pipe: pipe[0], continuation: continuation))
  } catch {
    return .failure(error)
  }
}

private func spawn(_ command: ChildCommand, output: Int32, log: Int32) throws(LaunchError) -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
  posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO)
  clinux_close_from(&actions, 3)

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  posix_spawnattr_setpgroup(&attributes, 0)
  // The leader of a session leads a group too.
  let group = command.isDetached ? Int32(clinux_new_session_flag()) : POSIX_SPAWN_SETPGROUP
  let flags = group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
  posix_spawnattr_setflags(&attributes, Int16(flags))

  var environment = command.environment
  environment[parentVariable] = command.isDetached ? nil : String(getpid())
  let words = ([command.executable] + command.arguments).map { strdup($0) }
  let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
  defer { (words + variables).forEach { free($0) } }
  var pid: pid_t = 0
  let code = posix_spawn(&pid, command.executable, &actions, &attributes, words + [nil], variables + [nil])
  guard code == 0 else {
    throw LaunchError(name: command.name, call: "posix_spawn", subject: command.executable, code: code)
  }
  return pid
}
