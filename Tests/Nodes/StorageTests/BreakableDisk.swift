import Primitives
import CSQLite
import Glibc
import Synchronization

/// A disk in memory below SQLite, that remembers what was flushed, can lose the rest, and can refuse any write.
///
/// Registered as the file layer `breakable`; files of one test share their folder's path. One connection at a time
/// works on a file, so locks are granted without a look.
enum BreakableDisk {
  static let layerName = "breakable"

  /// One thing that happened, in order.
  enum Event: Sendable {
    case write(path: String, offset: Int, bytes: [UInt8])
    case truncate(path: String, size: Int)
    case flush(path: String)
    case delete(path: String)
    /// The store said that a block is safe; `witness` is what its other file held then.
    case acknowledged(height: UInt64, witness: [UInt8])
  }

  /// What the next writes or flushes meet.
  struct Fault: Sendable {
    /// So many writes and flushes still succeed.
    var successes: Int
    let writeCode: Int32
    let flushCode: Int32
    /// Whether the disk stays broken; otherwise one call fails, and those who do not listen notice nothing.
    let isLasting: Bool
    var hasFailed = false
  }

  /// A code of no SQLite: the first half of the bytes is written, and the answer is that all of them are.
  static let halfWritten: Int32 = -1

  final class File: Sendable {
    let path: String
    let bytes = Mutex<[UInt8]>([])
    nonisolated(unsafe) private var sharedMemory: [UnsafeMutableRawPointer] = []

    init(path: String) { self.path = path }
    deinit { sharedMemory.forEach { $0.deallocate() } }

    /// A region that all connections to the file see; zero at first.
    func region(_ index: Int, size: Int) -> UnsafeMutableRawPointer {
      bytes.withLock { _ in
        while sharedMemory.count <= index {
          let region = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
          region.initializeMemory(as: UInt8.self, repeating: 0, count: size)
          sharedMemory.append(region)
        }
        return sharedMemory[index]
      }
    }
  }

  struct State: Sendable {
    var files: [String: File] = [:]
    var events: [String: [Event]] = [:]
    var faults: [String: Fault] = [:]
  }
  static let state = Mutex(State())

  static func folder(of path: String) -> String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

  static func note(_ event: Event, in folder: String) {
    state.withLock { $0.events[folder, default: []].append(event) }
  }

  static func events(in folder: String) -> [Event] { state.withLock { $0.events[folder] ?? [] } }

  static func fail(in folder: String, with fault: Fault) { state.withLock { $0.faults[folder] = fault } }

  static func hasFailed(in folder: String) -> Bool { state.withLock { $0.faults[folder]?.hasFailed ?? false } }

  /// What is in the files now, as a process sees it that starts on the same machine.
  static func files(in folder: String) -> [String: [UInt8]] {
    state.withLock { state in
      state.files.filter { BreakableDisk.folder(of: $0.key) == folder }.mapValues { $0.bytes.withLock { $0 } }
    }
  }

  static func forget(_ folder: String) {
    state.withLock { state in
      state.files = state.files.filter { BreakableDisk.folder(of: $0.key) != folder }
      state.events[folder] = nil
      state.faults[folder] = nil
    }
  }

  /// The code that the next write or flush fails with; `SQLITE_OK` while it works.
  static func outcome(of path: String, isFlush: Bool) -> Int32 {
    state.withLock { state in
      guard var fault = state.faults[folder(of: path)], fault.isLasting || !fault.hasFailed else { return SQLITE_OK }
      defer { state.faults[folder(of: path)] = fault }
      if fault.successes > 0 {
        fault.successes -= 1
        return SQLITE_OK
      }
      fault.hasFailed = true
      return isFlush ? fault.flushCode : fault.writeCode
    }
  }

  /// The files after a power cut: what was flushed, and of everything since then any part.
  ///
  /// Of each write each sector of 512 bytes arrives or not, by itself.
  static func cut(_ events: some Sequence<Event>, using generator: inout SplitMix64) -> [String: [UInt8]] {
    var flushed: [String: [UInt8]] = [:]
    var pending: [String: [Event]] = [:]
    for event in events {
      switch event {
      case .write(let path, _, _), .truncate(let path, _): pending[path, default: []].append(event)
      case .flush(let path):
        for event in pending[path] ?? [] { apply(event, to: &flushed[path, default: []], sector: { true }) }
        pending[path] = nil
        flushed[path, default: []] += []
      case .delete(let path):
        flushed[path] = nil
        pending[path] = nil
      case .acknowledged: break
      }
    }
    for path in pending.keys.sorted() {
      // Nothing, everything, or any part: each is what real disks do.
      let chance = [0, 50, 90, 100].randomElement(using: &generator)!
      for event in pending[path]! {
        apply(event, to: &flushed[path, default: []], sector: { Int.random(in: 0..<100, using: &generator) < chance })
      }
    }
    return flushed
  }

  private static func apply(_ event: Event, to file: inout [UInt8], sector arrives: () -> Bool) {
    switch event {
    case .write(_, let offset, let bytes):
      var position = 0
      while position < bytes.count {
        let end = min(bytes.count, position + 512 - (offset + position) % 512)
        if arrives() { put(Array(bytes[position..<end]), at: offset + position, in: &file) }
        position = end
      }
    case .truncate(_, let size): if arrives(), file.count > size { file.removeLast(file.count - size) }
    case .flush, .delete, .acknowledged: break
    }
  }

  static func put(_ bytes: [UInt8], at offset: Int, in file: inout [UInt8]) {
    if file.count < offset + bytes.count {
      file += [UInt8](repeating: 0, count: offset + bytes.count - file.count)
    }
    file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }
}

private typealias FilePointer = UnsafeMutablePointer<sqlite3_file>

/// The file behind a handle: its reference is kept in the word after SQLite's own.
private func file(_ pointer: FilePointer?) -> BreakableDisk.File {
  let word = UnsafeRawPointer(pointer!).load(fromByteOffset: 8, as: UnsafeRawPointer.self)
  return Unmanaged<BreakableDisk.File>.fromOpaque(word).takeUnretainedValue()
}

extension BreakableDisk {
  /// Makes the layer known to SQLite, once.
  static let isRegistered: Bool = {
    var made = sqlite3_vfs_find(nil)!.pointee
    made.zName = UnsafePointer(strdup(layerName)!)
    made.szOsFile = 16
    made.pNext = nil
    made.xOpen = { _, name, pointer, flags, outFlags in
      let path = String(cString: name!)
      let file = state.withLock { state in
        if let known = state.files[path] { return known }
        let made = File(path: path)
        state.files[path] = made
        return made
      }
      let raw = UnsafeMutableRawPointer(pointer!)
      raw.storeBytes(
        of: UnsafeRawPointer(Unmanaged.passRetained(file).toOpaque()), toByteOffset: 8, as: UnsafeRawPointer.self)
      pointer!.pointee.pMethods = UnsafePointer(diskMethods)
      outFlags?.pointee = flags
      return SQLITE_OK
    }
    made.xDelete = { _, name, _ in
      let path = String(cString: name!)
      state.withLock { $0.files[path] = nil }
      note(.delete(path: path), in: folder(of: path))
      return SQLITE_OK
    }
    made.xAccess = { _, name, _, out in
      let path = String(cString: name!)
      out!.pointee = state.withLock { $0.files[path] != nil } ? 1 : 0
      return SQLITE_OK
    }
    made.xFullPathname = { _, name, count, out in
      strncpy(out!, name!, Int(count))
      return SQLITE_OK
    }
    let memory = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    memory.initialize(to: made)
    return sqlite3_vfs_register(memory, 0) == SQLITE_OK
  }()
}

// Written once and read only from then on.
nonisolated(unsafe) private let diskMethods: UnsafeMutablePointer<sqlite3_io_methods> = {
  var made = sqlite3_io_methods()
  made.iVersion = 2
  made.xClose = { pointer in
    let word = UnsafeRawPointer(pointer!).load(fromByteOffset: 8, as: UnsafeRawPointer.self)
    Unmanaged<BreakableDisk.File>.fromOpaque(word).release()
    pointer!.pointee.pMethods = nil
    return SQLITE_OK
  }
  made.xRead = { pointer, target, count, offset in
    file(pointer).bytes.withLock { bytes in
      memset(target!, 0, Int(count))
      let available = max(0, min(Int(count), bytes.count - Int(offset)))
      bytes.withUnsafeBytes { if available > 0 { memcpy(target!, $0.baseAddress! + Int(offset), available) } }
      return available == Int(count) ? SQLITE_OK : SQLITE_IOERR | (2 << 8)
    }
  }
  made.xWrite = { pointer, source, count, offset in
    let file = file(pointer)
    let code = BreakableDisk.outcome(of: file.path, isFlush: false)
    guard code == SQLITE_OK || code == BreakableDisk.halfWritten else { return code }
    let length = code == SQLITE_OK ? Int(count) : Int(count) / 2
    let bytes = [UInt8](UnsafeRawBufferPointer(start: source, count: length))
    file.bytes.withLock { BreakableDisk.put(bytes, at: Int(offset), in: &$0) }
    BreakableDisk.note(
      .write(path: file.path, offset: Int(offset), bytes: bytes), in: BreakableDisk.folder(of: file.path))
    return SQLITE_OK
  }
  made.xTruncate = { pointer, size in
    let file = file(pointer)
    file.bytes.withLock { if $0.count > Int(size) { $0.removeLast($0.count - Int(size)) } }
    BreakableDisk.note(.truncate(path: file.path, size: Int(size)), in: BreakableDisk.folder(of: file.path))
    return SQLITE_OK
  }
  made.xSync = { pointer, _ in
    let file = file(pointer)
    let code = BreakableDisk.outcome(of: file.path, isFlush: true)
    guard code == SQLITE_OK else { return code }
    BreakableDisk.note(.flush(path: file.path), in: BreakableDisk.folder(of: file.path))
    return SQLITE_OK
  }
  made.xFileSize = { pointer, out in
    out!.pointee = Int64(file(pointer).bytes.withLock { $0.count })
    return SQLITE_OK
  }
  made.xLock = { _, _ in SQLITE_OK }
  made.xUnlock = { _, _ in SQLITE_OK }
  made.xCheckReservedLock = { _, out in
    out!.pointee = 0
    return SQLITE_OK
  }
  made.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
  made.xSectorSize = { _ in 512 }
  made.xDeviceCharacteristics = { _ in 0 }
  made.xShmMap = { pointer, index, size, _, out in
    out!.pointee = file(pointer).region(Int(index), size: Int(size))
    return SQLITE_OK
  }
  made.xShmLock = { _, _, _, _ in SQLITE_OK }
  made.xShmBarrier = { _ in }
  made.xShmUnmap = { _, _ in SQLITE_OK }
  let memory = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
  memory.initialize(to: made)
  return memory
}()
