/* v4l2_mock.c - one emulated V4L2 capture device for a program started with this library preloaded.
 *
 * GATEFOLD_MOCK_CAMERA names the node ("/dev/video42"), GATEFOLD_MOCK_SCRIPT a text file that plays from STREAMON on:
 *   format MJPG 640x480   what the device gives (read at open)
 *   frame FILE COUNT      frames with this content, 15 ms apart
 *   error FILE            a frame with V4L2_BUF_FLAG_ERROR
 *   short BYTES FILE      a frame that is cut
 *   stall MS              no frames for a while
 *   eio                   the next DQBUF fails
 *   unplug                the device is gone, and with it the node
 * The descriptor is one end of a socketpair: a datagram per ready frame makes poll() work as for a real device, closing the other
 * end is a hang-up. Buffers live in a memfd that mmap() is redirected to. A driver's own rules are not checked. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_buffers = 8, frame_gap_ms = 15 };

struct slot {
    int queued, done;
    size_t used;
    unsigned flags;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t player;
    int fd, far_end, memory; /* -1: none */
    char *map;
    size_t buffer_bytes;
    int buffers, streaming, gone, fail_next;
    struct slot slots[most_buffers];
    int ready[most_buffers], ready_head, ready_tail;
    unsigned fourcc, width, height, sequence;
} camera = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .fd = -1, .far_end = -1, .memory = -1};

typedef int (*open_fn)(const char *, int, ...);
typedef int (*close_fn)(int);
typedef int (*ioctl_fn)(int, unsigned long, ...);
typedef void *(*mmap_fn)(void *, size_t, int, int, int, off_t);

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }
static int real_close(int fd) { return ((close_fn)real("close"))(fd); }
static int real_open(const char *path, int flags, mode_t mode) { return ((open_fn)real("open"))(path, flags, mode); }

static int refuse(int error) {
    errno = error;
    return -1;
}

static void sleep_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static FILE *open_script(void) {
    const char *path = getenv("GATEFOLD_MOCK_SCRIPT");
    return path ? fopen(path, "r") : NULL;
}

static void read_format(void) {
    char line[512], name[5];
    FILE *script = open_script();
    while (script && fgets(line, sizeof line, script))
        if (sscanf(line, "format %4s %ux%u", name, &camera.width, &camera.height) == 3)
            memcpy(&camera.fourcc, name, 4);
    if (script)
        fclose(script);
}

/* Waits for a free buffer, as a driver does; the index, or -1 when the stream ended. */
static int free_slot(void) {
    while (camera.streaming && !camera.gone) {
        for (int i = 0; i < camera.buffers; ++i)
            if (camera.slots[i].queued && !camera.slots[i].done)
                return i;
        pthread_cond_wait(&camera.changed, &camera.lock);
    }
    return -1;
}

static void notify(void) {
    char event = 0;
    if (camera.far_end >= 0 && send(camera.far_end, &event, 1, MSG_NOSIGNAL) < 0)
        return;
}

static void push_frame(const char *path, size_t limit, unsigned flags) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    pthread_mutex_lock(&camera.lock);
    const int index = free_slot();
    if (index >= 0) {
        struct slot *slot = &camera.slots[index];
        slot->used = fread(camera.map + (size_t)index * camera.buffer_bytes, 1, camera.buffer_bytes < limit ? camera.buffer_bytes : limit, file);
        slot->flags = flags;
        slot->done = 1;
        camera.ready[camera.ready_tail++ % most_buffers] = index;
        notify();
    }
    pthread_mutex_unlock(&camera.lock);
    fclose(file);
    sleep_ms(frame_gap_ms);
}

static void unplug(void) {
    pthread_mutex_lock(&camera.lock);
    camera.gone = 1;
    real_close(camera.far_end);
    camera.far_end = -1;
    pthread_mutex_unlock(&camera.lock);
}

static void fail_next(void) {
    pthread_mutex_lock(&camera.lock);
    camera.fail_next = 1;
    notify();
    pthread_mutex_unlock(&camera.lock);
}

static void play_line(const char *line) {
    char path[400];
    long number = 0;
    if (sscanf(line, "frame %399s %ld", path, &number) == 2)
        for (; number > 0 && camera.streaming; --number)
            push_frame(path, (size_t)-1, 0);
    else if (sscanf(line, "error %399s", path) == 1)
        push_frame(path, (size_t)-1, V4L2_BUF_FLAG_ERROR);
    else if (sscanf(line, "short %ld %399s", &number, path) == 2)
        push_frame(path, (size_t)number, 0);
    else if (sscanf(line, "stall %ld", &number) == 1)
        sleep_ms(number);
    else if (!strncmp(line, "eio", 3))
        fail_next();
    else if (!strncmp(line, "unplug", 6))
        unplug();
}

static void *play(void *unused) {
    (void)unused;
    char line[512];
    FILE *script = open_script();
    while (script && camera.streaming && !camera.gone && fgets(line, sizeof line, script))
        play_line(line);
    if (script)
        fclose(script);
    return NULL;
}

/* With the lock held. */
static void stop_stream(void) {
    char event;
    if (!camera.streaming)
        return;
    camera.streaming = 0;
    pthread_cond_broadcast(&camera.changed);
    pthread_mutex_unlock(&camera.lock);
    pthread_join(camera.player, NULL);
    pthread_mutex_lock(&camera.lock);
    memset(camera.slots, 0, sizeof camera.slots);
    camera.ready_head = camera.ready_tail = camera.fail_next = 0;
    while (recv(camera.fd, &event, 1, MSG_DONTWAIT) == 1) {
    }
}

static void drop_buffers(void) {
    if (camera.memory < 0)
        return;
    munmap(camera.map, camera.buffer_bytes * (size_t)camera.buffers);
    real_close(camera.memory);
    camera.memory = -1;
    camera.buffers = 0;
}

static int is_camera(const char *path) {
    const char *node = getenv("GATEFOLD_MOCK_CAMERA");
    return node && !strcmp(node, path);
}

static int open_camera(int flags) {
    int ends[2];
    if (camera.gone)
        return refuse(ENOENT);
    if (camera.fd >= 0)
        return refuse(EBUSY);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return -1;
    fcntl(ends[0], F_SETFL, flags & O_NONBLOCK);
    camera.fd = ends[0];
    camera.far_end = ends[1];
    read_format();
    return camera.fd;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return is_camera(path) ? open_camera(flags) : real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return is_camera(path) ? open_camera(flags) : real_open(path, flags, mode);
}

int close(int fd) {
    if (fd < 0 || fd != camera.fd)
        return real_close(fd);
    pthread_mutex_lock(&camera.lock);
    stop_stream();
    drop_buffers();
    camera.fd = -1;
    if (camera.far_end >= 0)
        real_close(camera.far_end);
    camera.far_end = -1;
    pthread_mutex_unlock(&camera.lock);
    return real_close(fd);
}

void *mmap(void *start, size_t length, int protection, int flags, int fd, off_t offset) {
    const int target = fd >= 0 && fd == camera.fd ? camera.memory : fd;
    return ((mmap_fn)real("mmap"))(start, length, protection, flags, target, offset);
}
void *mmap64(void *start, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap(start, length, protection, flags, fd, offset);
}

static void fill_format(struct v4l2_format *format) {
    struct v4l2_pix_format *pixels = &format->fmt.pix;
    pixels->width = camera.width;
    pixels->height = camera.height;
    pixels->pixelformat = camera.fourcc;
    pixels->field = V4L2_FIELD_NONE;
    pixels->bytesperline = camera.fourcc == V4L2_PIX_FMT_YUYV ? camera.width * 2 : 0;
    pixels->sizeimage = camera.width * camera.height * 2;
}

static int query_capabilities(struct v4l2_capability *found) {
    memset(found, 0, sizeof *found);
    strcpy((char *)found->driver, "mock");
    strcpy((char *)found->card, "Mock Camera");
    found->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    found->capabilities = found->device_caps | V4L2_CAP_DEVICE_CAPS;
    return 0;
}

static int request_buffers(struct v4l2_requestbuffers *request) {
    drop_buffers();
    camera.buffers = request->count > most_buffers ? most_buffers : (int)request->count;
    request->count = (unsigned)camera.buffers;
    camera.buffer_bytes = ((size_t)camera.width * camera.height * 2 + 4095) & ~(size_t)4095;
    camera.memory = memfd_create("v4l2_mock", MFD_CLOEXEC);
    if (ftruncate(camera.memory, (off_t)(camera.buffer_bytes * (size_t)camera.buffers)))
        return -1;
    camera.map = ((mmap_fn)real("mmap"))(NULL, camera.buffer_bytes * (size_t)camera.buffers, PROT_READ | PROT_WRITE, MAP_SHARED, camera.memory, 0);
    return 0;
}

static int query_buffer(struct v4l2_buffer *buffer) {
    buffer->length = (unsigned)camera.buffer_bytes;
    buffer->m.offset = (unsigned)(buffer->index * camera.buffer_bytes);
    return 0;
}

static int queue_buffer(const struct v4l2_buffer *buffer) {
    if ((int)buffer->index >= camera.buffers || camera.slots[buffer->index].queued)
        return refuse(EINVAL);
    camera.slots[buffer->index] = (struct slot){.queued = 1};
    pthread_cond_broadcast(&camera.changed);
    return 0;
}

static int dequeue_buffer(struct v4l2_buffer *buffer) {
    char event;
    const ssize_t count = recv(camera.fd, &event, 1, MSG_DONTWAIT);
    if (camera.gone || count == 0)
        return refuse(ENODEV);
    if (count < 0)
        return refuse(EAGAIN);
    if (camera.fail_next) {
        camera.fail_next = 0;
        return refuse(EIO);
    }
    const int index = camera.ready[camera.ready_head++ % most_buffers];
    buffer->index = (unsigned)index;
    buffer->bytesused = (unsigned)camera.slots[index].used;
    buffer->flags = camera.slots[index].flags;
    buffer->sequence = camera.sequence++;
    camera.slots[index] = (struct slot){0};
    return 0;
}

static int enumerate_format(struct v4l2_fmtdesc *format) {
    if (format->index)
        return refuse(EINVAL);
    format->pixelformat = camera.fourcc;
    return 0;
}

static int enumerate_size(struct v4l2_frmsizeenum *size) {
    if (size->index)
        return refuse(EINVAL);
    size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
    size->discrete.width = camera.width;
    size->discrete.height = camera.height;
    return 0;
}

static int start_stream(void) {
    camera.streaming = 1;
    return pthread_create(&camera.player, NULL, play, NULL);
}

static int answer(unsigned long request, void *argument) {
    if (camera.gone && request != VIDIOC_STREAMOFF)
        return refuse(ENODEV);
    switch (request) {
    case VIDIOC_QUERYCAP: return query_capabilities(argument);
    case VIDIOC_ENUM_FMT: return enumerate_format(argument);
    case VIDIOC_ENUM_FRAMESIZES: return enumerate_size(argument);
    case VIDIOC_S_FMT: fill_format(argument); return 0;
    case VIDIOC_S_PARM: return refuse(ENOTTY);
    case VIDIOC_REQBUFS: return request_buffers(argument);
    case VIDIOC_QUERYBUF: return query_buffer(argument);
    case VIDIOC_QBUF: return queue_buffer(argument);
    case VIDIOC_DQBUF: return dequeue_buffer(argument);
    case VIDIOC_STREAMON: return start_stream();
    case VIDIOC_STREAMOFF: stop_stream(); return 0;
    default: return refuse(ENOTTY);
    }
}

int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (fd < 0 || fd != camera.fd)
        return ((ioctl_fn)real("ioctl"))(fd, request, argument);
    pthread_mutex_lock(&camera.lock);
    const int result = answer(request & 0xffffffffUL, argument);
    const int error = errno;
    pthread_mutex_unlock(&camera.lock);
    errno = error;
    return result;
}
