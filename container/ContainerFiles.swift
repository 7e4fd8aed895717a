public import Foundation

/// The files of this folder that are built into `pinson`.
public enum ContainerFiles {
    /// The contents of `image.json`, the recipe for an image: its layers, its files, and how its process runs.
    public static let recipe = Data(PackageResources.image_json)
}
