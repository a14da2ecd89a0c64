"""What the storyboards say: captions as people read them, and the answers that the engine must compute.

Written down apart from the lesson files, where the numbers are placeholders: one step a line, in order.
"""

from typing import NamedTuple


class Told(NamedTuple):
    """A step: its caption in both languages, its small line ("" for none), and the answers of its questions."""

    en: str
    zh_CN: str
    small_en: str = ""
    small_zh_CN: str = ""
    answers: tuple[str, ...] = ()


STORYBOARDS: dict[str, dict[str, Told]] = {
    "start": {
        "drop": Told(
            "Six seen, seven stored. That is a container image: layers.",
            "看到六个，存了七个：镜像就是这样一层层叠成的。",
            answers=("6",),
        ),
    },
    "one-image-six-layers": {
        "pull": Told(
            "The download comes in six pieces, stacked one on another: that is the image.",
            "下载分成六块，一块叠一块，叠起来就是镜像。",
            answers=(),
        ),
        "inspect": Told(
            "RootFS.Layers lists the same six, base first: one line, one layer.",
            "RootFS.Layers 也是六行，基础层在前：一行就是一层。",
            answers=(),
        ),
        "two-names": Told(
            "One layer, two names: digest when packed for travel, DiffID when unpacked.",
            "同一层两个名字：打包传输时叫摘要，解包之后叫 DiffID。",
            answers=("cb42413394c4… (first)",),
        ),
        "content": Told(
            "A layer holds the files that one build step changed; the command is only noted.",
            "一层存的是一个构建步骤改动的文件，命令只作记录。",
            answers=(),
        ),
        "second-image": Told(
            "Already exists: nginx stands on the base that redis brought; four layers are new.",
            "Already exists：nginx 直接用已有的基础层，只下载四层。",
            answers=("4",),
        ),
        "disk": Told(
            "Listed: 237 MB. On disk: 168 MB, for the 69 MB base is there only once.",
            "列表合计 237 MB，磁盘只占 168 MB：69 MB 的基础层只存一份。",
            answers=("168 MB",),
        ),
        "memory": Told(
            "Three containers, one copy of the base: on disk, and in memory too.",
            "三个容器，基础层只有一份：磁盘上如此，内存里也如此。",
            "True with overlay2; some drivers share the disk but not the memory.",
            "overlay2 如此；有的存储驱动只共享磁盘，不共享内存。",
            answers=("1",),
        ),
        "remove": Told(
            "rmi deletes layers 2 to 6 and keeps layer 1: nginx still stands on it.",
            "rmi 删掉第 2～6 层，留下第 1 层：nginx 还站在上面。",
            answers=("5",),
        ),
    },
    "an-image-grows": {
        "recall": Told(
            "Shared layers count once. Now we build a stack ourselves.",
            "共享的层只算一次。现在自己动手来叠。",
            answers=("10",),
        ),
        "base": Told(
            "Every image starts on a base layer. Here: Ubuntu 16.04.",
            "所有镜像都从基础层开始，这里是 Ubuntu 16.04。",
            "Drawn as one layer; real pull logs of 2021 show four. Standard support ended in April 2021.",
            "图中画作一层；2021 年真实的拉取日志里有四层。标准支持已于 2021 年 4 月结束。",
            answers=(),
        ),
        "python": Told(
            "RUN puts Python on top: a second layer. The base keeps its lock.",
            "RUN 把 Python 放在上面，成了第二层；基础层原样锁着。",
            answers=("2",),
        ),
        "listing": Told(
            "One listing, two layers: apt comes from layer 1, python3 from layer 2.",
            "一份列表来自两层：apt 在第 1 层，python3 在第 2 层。",
            answers=(),
        ),
        "patch": Told(
            "The security patch is layer 3. Layer 1 still holds the old apt.",
            "安全补丁是第三层；第 1 层里旧的 apt 还在。",
            answers=("a third layer is added",),
        ),
        "history": Told(
            "docker history reads like the stack: newest on top, base at the bottom.",
            "docker history 和图上一样：最新的在上，基础层在下。",
            answers=(),
        ),
        "env": Told(
            "ENV changes the config, not the files: still three layers.",
            "ENV 只改配置，不改文件：仍是三层。",
            answers=("3",),
        ),
        "shared": Told(
            "Four images, three layers: each build reused what was there.",
            "四个镜像，三层：每次构建都复用已有的层。",
            answers=("3",),
        ),
    },
    "two-layers-six-files": {
        "recall": Told(
            "Only changed files make a layer. Now we count files.",
            "文件有改动才有层。现在来数文件。",
            answers=("none",),
        ),
        "first": Told(
            "COPY a/ makes the first layer: three files stored, three files seen.",
            "COPY a/ 得到第一层：存三个文件，看到三个文件。",
            answers=(),
        ),
        "second": Told(
            "Two layers of three files: the image shows six.", "两层各三个文件，整个镜像看到六个。", answers=("6",)
        ),
        "whole": Told(
            "The image is never just its top layer: it is all its layers, always.",
            "镜像从来不只是最上层，而始终是所有层的组合。",
            answers=(),
        ),
        "version": Told(
            "A newer version of file5 arrives. Same name, new content: File 7.",
            "file5 有了新版本：名字没变，内容变成 File 7。",
            answers=(),
        ),
        "cover": Told(
            "Seven stored, six seen: 7 covers 5, because both are called /file5.",
            "存了七个，看到六个：7 遮住 5，因为都叫 /file5。",
            "history: 7B, 21B, 21B. 49 bytes stored, 42 seen.",
            "history：7B、21B、21B。存 49 字节，看到 42 字节。",
            answers=(
                "6",
                "three[2]",
            ),
        ),
        "contrast": Told(
            "Same bytes, another name: nothing is covered, seven are seen.",
            "内容相同，名字不同：没有文件被遮住，看到七个。",
            answers=("7",),
        ),
    },
    "one-unified-view": {
        "recall": Told(
            "The topmost version is seen. Now watch how it is found.",
            "看到的总是最上面的版本。现在看它是怎么找到的。",
            answers=("three[3]",),
        ),
        "stack": Told(
            "The same folders on alpine. A container looks at the stack from the top.",
            "同样的文件放到 alpine 上。容器从最上面往下看。",
            answers=(),
        ),
        "one-directory": Told(
            "The program sees one directory with six names, and no layers at all.",
            "程序看到的是一个目录、六个名字，完全看不到层。",
            answers=(),
        ),
        "lookup": Told(
            "A read searches from the top down and stops at the first hit.",
            "读取从上往下找，第一次命中就停。",
            answers=("six[2]",),
        ),
        "first-hit": Told(
            "file5: hit in layer 4 already. The old version below is never reached.",
            "file5 在第 4 层就命中了，根本查不到下面的旧版本。",
            answers=(),
        ),
        "no-copy": Told(
            "The view is not a copy: no file moved. It is only a way to look.",
            "统一视图不是拷贝：文件一个都没动，只是叠起来看。",
            answers=("0 bytes",),
        ),
        "driver": Told(
            "The storage driver builds the view; here overlay2, from four folders.",
            "统一视图由存储驱动搭建，这里是 overlay2，用四个目录叠成。",
            answers=(),
        ),
        "linux-five": Told(
            "Same view, different ways: AUFS, overlay2, Device Mapper, Btrfs, ZFS.",
            "视图相同，做法不同：AUFS、overlay2、Device Mapper、Btrfs、ZFS。",
            "Each stands on a file system or a block device technique, each with its own price.",
            "各自基于某种文件系统或块设备技术，性能各有特点。",
            answers=("Btrfs",),
        ),
        "windows": Told(
            "On Windows it is windowsfilter, on NTFS: layers and copy-on-write there, too.",
            "Windows 上是 windowsfilter，基于 NTFS，同样分层、写时复制。",
            answers=(),
        ),
        "today": Told(
            "Today: AUFS and Device Mapper are gone; new installs use snapshotters.",
            "如今 AUFS、Device Mapper 已移除，新安装改用 snapshotter。",
            "Engine 29 (November 2025), fresh: containerd's overlayfs snapshotter; upgraded hosts keep overlay2.",
            "Engine 29（2025 年 11 月）全新安装用 containerd 的 overlayfs snapshotter；升级的仍用 overlay2。",
            answers=(),
        ),
    },
    "the-writable-layer": {
        "recall": Told(
            "Reading looks down through the stack. But where does writing go?",
            "读是往下看。那么，写会写到哪里？",
            answers=("six[3]",),
        ),
        "run": Told(
            "run adds one writable layer on top. Everything below stays read-only.",
            "run 在最上面加一个可写层；下面的全部只读。",
            answers=("0",),
        ),
        "read": Told(
            "Reading looks through; the container layer stays empty.", "读只是透过去看，容器层仍是空的。", answers=()
        ),
        "create": Told(
            "A new file is written to the container layer, nowhere else.",
            "新文件写在容器层里，别处都没有。",
            answers=(),
        ),
        "change": Told(
            "Changing a lower file: the whole file is copied up, then the copy changes.",
            "改下层的文件：先把整个文件拷到上层，再改副本。",
            "Copy-on-write. With > instead of >> nothing is copied: the old data is not wanted.",
            "这就是写时复制。若用 > 而不是 >>，就不必拷贝旧数据。",
            answers=("12",),
        ),
        "delete": Told(
            "rm writes a whiteout: the name is hidden, the bytes below stay.",
            "rm 写下一个 whiteout（白障）：名字看不到了，下面的内容还在。",
            answers=("1",),
        ),
        "diff": Told(
            "docker diff lists the container layer: A added, C changed, D deleted.",
            "docker diff 列出容器层：A 新增，C 修改，D 删除。",
            answers=(),
        ),
        "two": Told(
            "Two containers, one image: c2 sees nothing of what c1 did.",
            "两个容器，一个镜像：c1 做的事，c2 完全看不到。",
            answers=("the image's six files",),
        ),
        "cost": Told(
            "Each container costs only its own layer: 19 B and 0 B. The image is shared.",
            "每个容器只占自己那层：19 字节和 0 字节；镜像是共用的。",
            '"virtual" counts the image again each time.',
            "virtual 每次都把镜像算进去。",
            answers=(),
        ),
        "commit": Told(
            "commit turns the container layer into an image layer: read-only again.",
            "commit 把容器层变成新的镜像层，从此只读。",
            answers=(),
        ),
        "remove": Told(
            "Removing a container removes its layer only. The image never noticed.",
            "删除容器只丢掉它自己的那层，镜像毫无变化。",
            answers=("nothing",),
        ),
    },
    "deleting-does-not-shrink": {
        "recall": Told(
            "rm hides a name. Does it make an image smaller?",
            "rm 只是藏起名字。那它能让镜像变小吗？",
            answers=("a whiteout in c1's layer",),
        ),
        "big": Told(
            "Three files go in: 50 MB, nearly all of it one model file.",
            "放进三个文件共 50 MB，几乎全是那个模型文件。",
            answers=(),
        ),
        "rm": Told(
            "rm in a later layer hides 50 MB and frees 0 bytes.",
            "在后面的层里 rm：藏起 50 MB，释放 0 字节。",
            answers=("same size",),
        ),
        "history": Told(
            "docker history tells: the rm layer adds 0 B, COPY keeps its 50 MB.",
            "docker history 写得明白：rm 层 0B，COPY 层还是 50MB。",
            answers=(),
        ),
        "secret": Told(
            "The view says gone. Layer 2, which everyone pulls, says token=1234.",
            "视图里没了，但人人都会拉取的第 2 层里写着 token=1234。",
            "At work: docker save safe -o s.tar, then unpack layer 2.",
            "实际操作：docker save safe -o s.tar，再解开第 2 层。",
            answers=("yes, from layer 2",),
        ),
        "chmod": Told(
            "chmod in a later layer copies the whole file up: 50 MB, twice.",
            "在后面的层里 chmod，会把整个文件再拷一遍：50 MB 存两份。",
            answers=("50 MB",),
        ),
        "same-step": Told(
            "A layer keeps what is left at the end of its step: here nothing.",
            "层里只留这一步结束时剩下的东西：这里什么也没有。",
            answers=("0 B",),
        ),
    },
}
