import CLinux

/// What a file looks like from outside: it changes whenever the file is written or replaced.
package struct FileMark: Hashable, Sendable {
  package let inode: UInt64
  package let bytes: Int64
  /// Of the last change, since 1970.
  package let nanoseconds: Int64
  package let isFolder: Bool

  /// Nil where there is no such file.
  package init?(_ path: String) {
    var mark = clinux_file_mark()
    guard clinux_mark_file(path, &mark) == 0 else { return nil }
    inode = mark.inode
    bytes = mark.bytes
    nanoseconds = mark.nanoseconds
    isFolder = mark.is_folder != 0
  }
}
