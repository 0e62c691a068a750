/// The files that a Python author starts from, as they stand in this folder, built into the program.
public enum PythonFiles {
  /// `subnetkit.py`: the module that a mechanism imports.
  public static var module: [UInt8] { PackageResources.subnetkit_py }
  /// `sums.py`: a mechanism to copy and change.
  public static var example: [UInt8] { PackageResources.sums_py }
}
