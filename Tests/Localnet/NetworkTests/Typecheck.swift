import Daemon
import Localnet
import Testing

/// Lets the compiler judge files against the modules of this build, as an author's package would use them.
func typecheck(_ sources: [String], module: String, in folder: TemporaryFolder) async throws {
  let build = folderOfThisProgram()
  let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
  let maps = folderContents("/\(root)/Sources/CLibraries").flatMap { name in
    ["/\(root)/Sources/CLibraries/\(name)/module.modulemap", "\(build)/\(name).build/module.modulemap"]
  }
  let compiler = try #require(programOnPath("swiftc"))
  let toolchain = compiler.split(separator: "/").dropLast(2).joined(separator: "/")
  let arguments =
    [
      "-typecheck", "-swift-version", "6", "-warnings-as-errors", "-module-name", module, "-I", "\(build)/Modules",
    ]
    + maps.filter { FileMark($0) != nil }.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
    + [
      "-I", "/\(toolchain)/lib/swift/linux/testing", "-plugin-path", "/\(toolchain)/lib/swift/host/plugins/testing",
    ] + sources
  let run = try await ChildProcess.start(
    ChildCommand(name: "swiftc", executable: compiler, arguments: arguments, logPath: folder.path + "/log"))
  let status = try await run.ended()
  #expect(status.isSuccess, "\(run.logTail(lineLimit: 40).joined(separator: "\n"))")
}
