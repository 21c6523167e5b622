/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/dosisd_log.h"

#define BACKLOG 64
#define SOCKET_MODE 0660


static bool
someone_listens(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers;

    if (fd < 0) {
        return false;
    }
    answers =
        connect(fd, (const struct sockaddr *) address, sizeof(*address)) == 0;
    close(fd);
    return answers;
}


int
dosisd_socket_listen(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        dosisd_log(DOSISD_ERROR, "socket path too long: max=%zu path=%s",
            sizeof(address.sun_path) - 1, path);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (someone_listens(&address)) {
        dosisd_log(
            DOSISD_ERROR, "somebody listens there already: socket=%s", path);
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    (void) unlink(path); /* left by a killed engine */
    if (bind(fd, (const struct sockaddr *) &address, sizeof(address)) != 0
        || chmod(path, SOCKET_MODE) != 0
        || listen(fd, BACKLOG) != 0) {
        dosisd_log(DOSISD_ERROR, "not listening: socket=%s why=%s", path,
            strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}
