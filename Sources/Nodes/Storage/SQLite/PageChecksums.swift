import CSQLite
import Synchronization

/// A layer between SQLite and its files that ends every page of a database with a checksum and refuses altered ones.
///
/// SQLite itself notices few flipped bits. The checksum takes eight bytes at the end of each page, which SQLite keeps
/// reserved; plain `sqlite3` reads such a database as any other, and must not write to it. The write-ahead log has
/// checksums of its own.
enum PageChecksums {
  static let byteCount = 8
  /// `SQLITE_IOERR_DATA`, a macro that Swift does not import.
  static let mismatchCode: Int32 = SQLITE_IOERR | (32 << 8)
  static let smallestPage = 512

  private static let names = Mutex<[String: Bool]>([:])

  /// Makes the layer known to SQLite, once, and gives its name.
  ///
  /// - Parameter layer: The name of the layer to stand on; nil for SQLite's own.
  static func registered(over layer: String?) -> String {
    let name = "subnetkit-pages" + (layer.map { "-over-\($0)" } ?? "")
    names.withLock { names in
      if names.updateValue(true, forKey: name) != nil { return }
      guard let real = sqlite3_vfs_find(layer) else { preconditionFailure("no file layer is called \(layer ?? "")") }
      // The struct that SQLite sees, then the layer below; registered for the life of the process.
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: layerOffset + MemoryLayout<UnsafeMutablePointer<sqlite3_vfs>>.size, alignment: 16)
      memory.storeBytes(of: real, toByteOffset: layerOffset, as: UnsafeMutablePointer<sqlite3_vfs>.self)
      var copy = real.pointee
      copy.szOsFile = Int32(fileOffset) + real.pointee.szOsFile
      copy.zName = UnsafePointer(sqlite3_vfs_copiedName(name))
      copy.pNext = nil
      copy.xOpen = { openFile($0, $1, $2, $3, $4) }
      copy.xDelete = { layer, path, syncs in below(layer).pointee.xDelete(below(layer), path, syncs) }
      copy.xAccess = { layer, path, flags, out in below(layer).pointee.xAccess(below(layer), path, flags, out) }
      copy.xFullPathname = { layer, path, count, out in
        below(layer).pointee.xFullPathname(below(layer), path, count, out)
      }
      let made = memory.bindMemory(to: sqlite3_vfs.self, capacity: 1)
      made.initialize(to: copy)
      sqlite3_vfs_register(made, 0)
    }
    return name
  }

  /// The checksum of a page without its last eight bytes.
  ///
  /// Every step is a bijection of the state, so any change within one eight-byte word changes the result; the offset is
  /// the seed, so a page in another's place is noticed too.
  ///
  /// - Precondition: The page's size is a multiple of eight.
  static func checksum(of page: UnsafeRawBufferPointer, at offset: Int64) -> UInt64 {
    var state = UInt64(bitPattern: offset) ^ 0x9E37_79B9_7F4A_7C15
    let end = page.count - byteCount
    var position = 0
    // Every page of a store goes through here; a stride is slow in a debug build.
    while position < end {
      let word = UInt64(littleEndian: page.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
      state ^= state >> 32
      position &+= 8
    }
    return state
  }

  /// Whether a page's last eight bytes are its checksum.
  static func isIntact(_ page: UnsafeRawBufferPointer, at offset: Int64) -> Bool {
    let stored = page.loadUnaligned(fromByteOffset: page.count - byteCount, as: UInt64.self)
    return UInt64(littleEndian: stored) == checksum(of: page, at: offset)
  }

  /// Whether a read or write of the main file moves one whole page; the others touch the file's header only.
  static func isPage(count: Int32, offset: Int64) -> Bool {
    Int(count) >= smallestPage && count & (count - 1) == 0 && offset % Int64(count) == 0
  }
}

// A file of the layer: what SQLite sees (16 bytes: methods, whether it is the main file), then the file below.
private let fileOffset = 16
private let layerOffset = (MemoryLayout<sqlite3_vfs>.stride + 15) & ~15

private typealias File = UnsafeMutablePointer<sqlite3_file>

private func sqlite3_vfs_copiedName(_ name: String) -> UnsafeMutablePointer<CChar> {
  let bytes = Array(name.utf8CString)
  let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  copy.initialize(from: bytes, count: bytes.count)
  return copy
}

private func below(_ layer: UnsafeMutablePointer<sqlite3_vfs>?) -> UnsafeMutablePointer<sqlite3_vfs> {
  UnsafeRawPointer(layer!).load(fromByteOffset: layerOffset, as: UnsafeMutablePointer<sqlite3_vfs>.self)
}

private func below(_ file: File?) -> File {
  (UnsafeMutableRawPointer(file!) + fileOffset).assumingMemoryBound(to: sqlite3_file.self)
}

private func methods(_ file: File?) -> sqlite3_io_methods { below(file).pointee.pMethods.pointee }

private func isMainFile(_ file: File?) -> Bool {
  UnsafeRawPointer(file!).load(fromByteOffset: 8, as: UInt64.self) == 1
}

private func openFile(
  _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?, _ file: File?, _ flags: Int32,
  _ outFlags: UnsafeMutablePointer<Int32>?
) -> Int32 {
  let raw = UnsafeMutableRawPointer(file!)
  raw.storeBytes(of: flags & SQLITE_OPEN_MAIN_DB != 0 ? 1 : 0, toByteOffset: 8, as: UInt64.self)
  let code = below(layer).pointee.xOpen(below(layer), path, below(file), flags, outFlags)
  // Without methods SQLite knows that there is nothing to close.
  file!.pointee.pMethods = below(file).pointee.pMethods == nil ? nil : UnsafePointer(layerMethods)
  return code
}

// Written once, before the first file is opened, and read only from then on.
nonisolated(unsafe) private let layerMethods: UnsafeMutablePointer<sqlite3_io_methods> = {
  var made = sqlite3_io_methods()
  // Version 2 has shared memory for the write-ahead log, and no memory maps, which would pass the checksums by.
  made.iVersion = 2
  made.xClose = { file in
    defer { file!.pointee.pMethods = nil }
    return methods(file).xClose(below(file))
  }
  made.xRead = { file, bytes, count, offset in
    let code = methods(file).xRead(below(file), bytes, count, offset)
    guard code == SQLITE_OK, isMainFile(file), PageChecksums.isPage(count: count, offset: offset) else { return code }
    let page = UnsafeRawBufferPointer(start: bytes, count: Int(count))
    return PageChecksums.isIntact(page, at: offset) ? SQLITE_OK : PageChecksums.mismatchCode
  }
  made.xWrite = { file, bytes, count, offset in
    guard isMainFile(file), PageChecksums.isPage(count: count, offset: offset) else {
      return methods(file).xWrite(below(file), bytes, count, offset)
    }
    return withUnsafeTemporaryAllocation(byteCount: Int(count), alignment: 16) { page in
      page.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: Int(count)))
      let sum = PageChecksums.checksum(of: UnsafeRawBufferPointer(page), at: offset).littleEndian
      page.storeBytes(of: sum, toByteOffset: Int(count) - PageChecksums.byteCount, as: UInt64.self)
      return methods(file).xWrite(below(file), page.baseAddress, count, offset)
    }
  }
  made.xTruncate = { methods($0).xTruncate(below($0), $1) }
  made.xSync = { methods($0).xSync(below($0), $1) }
  made.xFileSize = { methods($0).xFileSize(below($0), $1) }
  made.xLock = { methods($0).xLock(below($0), $1) }
  made.xUnlock = { methods($0).xUnlock(below($0), $1) }
  made.xCheckReservedLock = { methods($0).xCheckReservedLock(below($0), $1) }
  made.xFileControl = { methods($0).xFileControl(below($0), $1, $2) }
  made.xSectorSize = { methods($0).xSectorSize(below($0)) }
  made.xDeviceCharacteristics = { methods($0).xDeviceCharacteristics(below($0)) }
  made.xShmMap = { methods($0).xShmMap(below($0), $1, $2, $3, $4) }
  made.xShmLock = { methods($0).xShmLock(below($0), $1, $2, $3) }
  made.xShmBarrier = { methods($0).xShmBarrier(below($0)) }
  made.xShmUnmap = { methods($0).xShmUnmap(below($0), $1) }
  let memory = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
  memory.initialize(to: made)
  return memory
}()
