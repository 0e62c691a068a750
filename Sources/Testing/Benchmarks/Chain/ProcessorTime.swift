import Glibc

/// Processor time that a process has used on all of its threads, in microseconds.
enum ProcessorTime {
  /// Of this process.
  static var own: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_utime.microseconds + usage.ru_stime.microseconds
  }

  /// Of another process; 0 when it is gone.
  static func of(_ pid: Int32) -> Int {
    // After the name, which may hold anything, fields 14 and 15 of `proc(5)` are user and system time in ticks.
    let fields = procText("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return 0 }
    return (user + system) * (1_000_000 / max(1, sysconf(Int32(_SC_CLK_TCK))))
  }
}

extension timeval {
  fileprivate var microseconds: Int { tv_sec * 1_000_000 + Int(tv_usec) }
}

/// What a process holds in memory, as the kernel counts it.
struct MemoryWatch: Sendable {
  let pid: Int32

  var residentBytes: Int { kilobytes("VmRSS:") << 10 }
  var peakBytes: Int { kilobytes("VmHWM:") << 10 }

  private func kilobytes(_ row: String) -> Int {
    let line = procText("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix(row) }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
  }
}

/// The start of a small file that the kernel makes as it is read; empty when there is none.
private func procText(_ path: String) -> String {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return "" }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 16 << 10)
  let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
  return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}
