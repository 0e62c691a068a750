import Daemon
import Glibc
import Testing

@Suite struct FolderTests {
  let folder = TemporaryFolder()

  @Test func aLockIsHeldByOneUntilItIsLetGo() throws {
    let path = folder.path + "/lock"
    #expect(!FileLock.isHeld(path))
    var lock = try FileLock.take(path)
    #expect(lock != nil)
    #expect(try FileLock.take(path) == nil)
    #expect(FileLock.isHeld(path))
    // Looking at it closes a descriptor of the file, which must not free it.
    #expect(try FileLock.take(path) == nil)
    lock = nil
    #expect(!FileLock.isHeld(path))
    #expect(try FileLock.take(path) != nil)
  }

  @Test func aLockThatIsLetGoIsFreeThoughAChildThatIsBeingStartedHasItsDescriptorStill() throws {
    let path = folder.path + "/lock"
    var lock = try FileLock.take(path)
    var file = stat()
    #expect(stat(path, &file) == 0)
    let descriptor = try #require(
      (3..<Int32(4096)).first { candidate in
        var status = stat()
        return fstat(candidate, &status) == 0 && status.st_ino == file.st_ino && status.st_dev == file.st_dev
      })
    let copy = dup(descriptor)
    defer { close(copy) }
    #expect(lock != nil)
    lock = nil
    #expect(!FileLock.isHeld(path))
  }

  @Test func aTreeIsRemovedWithoutFollowingItsLinks() throws {
    let kept = folder.path + "/kept"
    try makeFolders(kept)
    try AtomicFile(kept + "/file").write([1])
    try makeFolders(folder.path + "/tree/a/b")
    try AtomicFile(folder.path + "/tree/a/b/file").write([1])
    #expect(symlink(kept, folder.path + "/tree/a/link") == 0)
    #expect(folderContents(folder.path + "/tree/a") == ["b", "link"])
    try removeTree(folder.path + "/tree")
    #expect(FileMark(folder.path + "/tree") == nil)
    #expect(folderContents(kept) == ["file"])
    try removeTree(folder.path + "/tree")
    try removeTree(kept)
  }

  @Test func aMarkChangesWithTheFile() throws {
    let path = folder.path + "/file"
    #expect(FileMark(path) == nil)
    try AtomicFile(path).write([1])
    let first = FileMark(path)
    #expect(first?.bytes == 1 && first?.isFolder == false)
    #expect(first == FileMark(path))
    try AtomicFile(path).write([2])
    #expect(FileMark(path) != first)
  }

  @Test(arguments: [
    ("/a/b", "/a/b"), ("/a//b/./c/", "/a/b/c"), ("/a/../../b", "/b"), ("/", "/"), ("/..", "/"),
  ])
  func aPathFromTheRootHasNoDetours(given: String, wanted: String) {
    #expect(absolutePath(given) == wanted)
  }

  @Test func aRelativePathBeginsWhereTheProcessWorks() throws {
    let here = try #require(currentFolder())
    #expect(absolutePath("x/./y") == "\(here)/x/y")
    #expect(programOnPath("sh", environment: ["PATH": "/nonexistent:/bin"]) == "/bin/sh")
    #expect(programOnPath("no-such-program", environment: ["PATH": "/bin"]) == nil)
  }
}
