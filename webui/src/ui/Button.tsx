import type { ButtonHTMLAttributes } from 'react'
import css from './Button.module.css'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
    look?: 'ink' | 'plain' | 'quiet'
    big?: boolean
}

export function Button({ look = 'plain', big = false, className = '', type = 'button', ...rest }: Props) {
    return <button type={type} className={`${css['button']} ${className}`} data-look={look} data-big={big} {...rest} />
}
